using GpuRnn.Lecture.Cells;

namespace GpuRnn.Cli.Checking;

/// <summary>
/// A layer in one direction as plain loops in double, with its backward pass by hand: slow, short, and nothing in common with the engine.
/// Tensors have the names of conformance cases.
/// </summary>
sealed class PlainNetwork
{
    readonly PlainCell cell;
    readonly int inputs, units;
    readonly IReadOnlyDictionary<string, double[]> parameters;
    readonly double[] inputWeights, hiddenWeights, inputBias;
    readonly double[]? hiddenBias;

    /// <param name="cell">The name of its cell.</param>
    /// <param name="inputs">I.</param>
    /// <param name="units">H.</param>
    /// <param name="parameters">All parameters under the engine's names.</param>
    public PlainNetwork(string cell, int inputs, int units, IReadOnlyDictionary<string, double[]> parameters)
    {
        (this.cell, this.inputs, this.units, this.parameters) = (PlainCell.Of(cell), inputs, units, parameters);
        (inputWeights, hiddenWeights) = (parameters["weight_ih_l0"], parameters["weight_hh_l0"]);
        hiddenBias = parameters.GetValueOrDefault("bias_hh_l0");
        inputBias = parameters[hiddenBias is null ? "bias_l0" : "bias_ih_l0"];
    }

    /// <summary>Forward and backward.</summary>
    public Dictionary<string, double[]> Run(Problem<double> p)
    {
        int states = p.Sequences * units;
        Dictionary<string, double[]> made = new()
        {
            ["output"] = new double[p.Steps * states], ["hn"] = new double[states],
            ["grad_input"] = new double[p.X.Length], ["grad_h0"] = new double[states],
        };
        if (cell.HasC) (made["cn"], made["grad_c0"]) = (new double[states], new double[states]);
        foreach ((string name, double[] values) in parameters) made[$"grad_param.{name}"] = new double[values.Length];
        for (int b = 0; b < p.Sequences; b++)
        {
            List<PlainStep> steps = Forward(p, b, made);
            Backward(p, b, steps, made);
        }
        return made;
    }

    List<PlainStep> Forward(Problem<double> p, int b, Dictionary<string, double[]> made)
    {
        List<PlainStep> steps = [];
        double[] h = Part(p.H0, b, units), c = Part(p.C0, b, units);
        for (int t = 0; t < p.Lengths![b]; t++)
        {
            int row = t * p.Sequences + b;
            PlainStep s = new(cell.Gates, units) { X = Part(p.X, row, inputs), PreviousH = h, PreviousC = c };
            for (int gate = 0; gate < cell.Gates; gate++)
            {
                s.Read[gate] = cell.Read(gate, h, s.Gates);
                for (int j = 0; j < units; j++)
                {
                    int at = gate * units + j;
                    s.Hidden[gate][j] = Dot(hiddenWeights, at, s.Read[gate]) + (hiddenBias?[at] ?? 0);
                    s.Gates[gate][j] = cell.Activate(gate, Dot(inputWeights, at, s.X) + inputBias[at], s.Hidden[gate][j], s.Gates, j);
                }
            }
            for (int j = 0; j < units; j++) (s.H[j], s.C[j]) = cell.Next(s.Gates, j, h[j], c[j]);
            (h, c) = (s.H, s.C);
            h.CopyTo(made["output"], row * units);
            steps.Add(s);
        }
        h.CopyTo(made["hn"], b * units);
        if (cell.HasC) c.CopyTo(made["cn"], b * units);
        return steps;
    }

    void Backward(Problem<double> p, int b, List<PlainStep> steps, Dictionary<string, double[]> made)
    {
        double[] dh = Part(p.Dhn, b, units), dc = Part(p.Dcn, b, units);
        for (int t = steps.Count - 1; t >= 0; t--)
        {
            PlainStep s = steps[t];
            int row = t * p.Sequences + b;
            for (int j = 0; j < units; j++) dh[j] += p.Dy![row * units + j];
            cell.Backward(s, dh, dc);
            for (int gate = cell.Gates - 1; gate >= 0; gate--)
            {
                double[] dRead = new double[units];
                for (int j = 0; j < units; j++) Add(dRead, s.DHidden[gate][j], hiddenWeights.AsSpan((gate * units + j) * units, units));
                cell.Absorb(s, gate, dRead, dh);
            }
            Span<double> dx = made["grad_input"].AsSpan(row * inputs, inputs);
            for (int j = 0; j < cell.Gates * units; j++)
            {
                (int gate, int unit) = Math.DivRem(j, units);
                double dInput = s.DInput[gate][unit], dHidden = s.DHidden[gate][unit];
                Add(dx, dInput, inputWeights.AsSpan(j * inputs, inputs));
                Add(made["grad_param.weight_ih_l0"].AsSpan(j * inputs, inputs), dInput, s.X);
                Add(made["grad_param.weight_hh_l0"].AsSpan(j * units, units), dHidden, s.Read[gate]);
                made[hiddenBias is null ? "grad_param.bias_l0" : "grad_param.bias_ih_l0"][j] += dInput;
                if (hiddenBias is not null) made["grad_param.bias_hh_l0"][j] += dHidden;
            }
        }
        dh.CopyTo(made["grad_h0"], b * units);
        if (cell.HasC) dc.CopyTo(made["grad_c0"], b * units);
    }

    static double[] Part(double[]? all, int row, int length) =>
        all is null ? new double[length] : all[(row * length)..((row + 1) * length)];

    static double Dot(double[] matrix, int row, double[] vector)
    {
        double sum = 0;
        for (int k = 0; k < vector.Length; k++) sum += matrix[row * vector.Length + k] * vector[k];
        return sum;
    }

    static void Add(Span<double> to, double factor, ReadOnlySpan<double> vector)
    {
        for (int k = 0; k < to.Length; k++) to[k] += factor * vector[k];
    }
}

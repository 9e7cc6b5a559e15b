using GpuRnn.Lecture.Cells;
using GpuRnn.Lecture.Tasks.Text;

namespace GpuRnn.Lecture.Labs.Gates;

/// <summary>What a gate is held at: a number for each unit, instead of what it computes.</summary>
sealed record Hold(int Layer, int Gate, double[] Values);

/// <summary>
/// What a model made of a text: nats for each character but the first, the likeliest next ones, and all gates of a layer.
/// </summary>
sealed record GateTrace(double[] Nats, int[] Best, double[][][] Gates)
{
    /// <summary>Nats a character.</summary>
    public double Loss => Nats.Average();
}

/// <summary>A model of `train text` on plain numbers, so that every gate can be seen and held.</summary>
sealed class GateModel
{
    readonly TextModel model;
    readonly PlainCell cell;
    readonly int hidden, layers, vocabulary;
    readonly double[][] inputWeights, hiddenWeights, inputBias, hiddenBias;
    readonly double[] outputWeights, outputBias;

    public GateModel(TextModel model)
    {
        this.model = model;
        (hidden, layers, vocabulary) = (model.Network.HiddenSize, model.Network.Options.Layers, model.Network.InputSize);
        (Gates, cell) = (Gate.Of(model.Network.Cell), PlainCell.Of(model.Network.Cell.Name));
        bool two = model.Parameters.All.Any(p => p.Name == "bias_hh_l0");
        double[][] Each(string name) => [.. Enumerable.Range(0, layers).Select(l => Get($"{name}_l{l}"))];
        (inputWeights, hiddenWeights) = (Each("weight_ih"), Each("weight_hh"));
        inputBias = Each(two ? "bias_ih" : "bias");
        hiddenBias = two ? Each("bias_hh") : [.. inputBias.Select(b => new double[b.Length])];
        (outputWeights, outputBias) = (Get("decoder.weight"), Get("decoder.bias"));
    }

    public IReadOnlyList<Gate> Gates { get; }
    public int Layers => layers;
    public int Hidden => hidden;

    double[] Get(string name) => [.. model.Parameters.Get(name).Select(v => (double)v)];

    /// <summary>Runs a text through, from zero states.</summary>
    /// <param name="codes">The text.</param>
    /// <param name="layer">Whose gates are wanted.</param>
    /// <param name="hold">A gate that is held, or none.</param>
    public GateTrace Run(int[] codes, int layer, Hold? hold = null)
    {
        double[][] h = [.. Enumerable.Range(0, layers).Select(_ => new double[hidden])],
            c = [.. Enumerable.Range(0, layers).Select(_ => new double[hidden])];
        double[] nats = new double[codes.Length - 1];
        int[] best = new int[codes.Length - 1];
        double[][][] all = new double[codes.Length - 1][][];
        for (int t = 0; t < codes.Length - 1; t++)
        {
            for (int l = 0; l < layers; l++)
            {
                double[][] gates = Step(l, l == 0 ? null : h[l - 1], codes[t], h[l], c[l], hold?.Layer == l ? hold : null);
                if (l == layer) all[t] = gates;
            }
            nats[t] = Loss(h[^1], codes[t + 1], out best[t]);
        }
        return new(nats, best, all);
    }

    double[][] Step(int l, double[]? x, int code, double[] h, double[] c, Hold? hold)
    {
        int columns = inputWeights[l].Length / (Gates.Count * hidden);
        List<double[]> gates = [];
        for (int gate = 0; gate < Gates.Count; gate++)
        {
            double[] values = new double[hidden], read = cell.Read(gate, h, gates);
            for (int j = 0; j < hidden; j++)
            {
                int row = gate * hidden + j;
                double input = inputBias[l][row] + (x is null ? inputWeights[l][row * columns + code] : Dot(inputWeights[l], row, x));
                values[j] = cell.Activate(gate, input, hiddenBias[l][row] + Dot(hiddenWeights[l], row, read), gates, j);
            }
            gates.Add(hold?.Gate == gate ? hold.Values : values);
        }
        for (int j = 0; j < hidden; j++) (h[j], c[j]) = cell.Next(gates, j, h[j], c[j]);
        return [.. gates];
    }

    double Loss(double[] h, int target, out int best)
    {
        double[] y = [.. Enumerable.Range(0, vocabulary).Select(v => outputBias[v] + Dot(outputWeights, v, h))];
        best = Array.IndexOf(y, y.Max());
        return Math.Log(y.Sum(v => Math.Exp(v - y[target])));
    }

    static double Dot(double[] matrix, int row, double[] vector) =>
        System.Numerics.Tensors.TensorPrimitives.Dot(matrix.AsSpan(row * vector.Length, vector.Length), vector);
}

using GpuRnn.Layers;

namespace GpuRnn.Lecture.Labs.Gradients;

/// <summary>One line of the study: a cell, how it began, what was measured and what theory says.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Start">How its weights began.</param>
/// <param name="Norms">|dL/dh_t|, t = 0 to T - 1.</param>
/// <param name="Slope">Of log norm, a step backwards.</param>
/// <param name="Predicted">What theory says, where it says something.</param>
/// <param name="Theory">What theory.</param>
sealed record SlopeRow(string Cell, string Start, double[] Norms, double Slope, double? Predicted, string Theory)
{
    /// <summary>The distance of the measured slope from the predicted one, as a share of it.</summary>
    public double? Error => Predicted is double p && p != 0 ? Math.Abs(Slope - p) / Math.Abs(p) : null;
}

/// <summary>
/// How gradients shrink or grow along time. Of an RNN, dL/dh_(t-1) = W_hh^T diag(g') dL/dh_t: a step backwards multiplies its norm by at
/// most the largest singular value of W_hh times the largest slope of g (Pascanu, Mikolov and Bengio 2013, section 2.1). Where W_hh is a
/// rotation times s and g is almost linear, by exactly s: that is the regime where theory gives a number and not only a bound.
/// </summary>
static class SlopeStudy
{
    const int Inputs = 8;
    /// <summary>Small enough for tanh to be linear, to one in a million, over the whole sequence.</summary>
    const double Small = 1e-5;

    public static readonly double[] Scales = [0.5, 0.7, 0.9, 0.95, 1.05, 1.1, 1.2];

    /// <summary>The RNN where theory holds: rotations of several scales, small x.</summary>
    public static IEnumerable<SlopeRow> Regime(Device device, int hidden, int steps, int seed) => Scales.Select(scale =>
        Rnn(device, Cell.RnnTanh, hidden, steps, seed, HiddenWeights.Orthogonal(hidden, scale, seed), Small, $"rotation x {scale}",
            "log s"));

    /// <summary>The RNN where it gives a bound: the same rotations with x of size 1, and matrices that are no rotations.</summary>
    public static IEnumerable<SlopeRow> Beyond(Device device, int hidden, int steps, int seed)
    {
        foreach (double scale in new[] { 0.9, 1.1, 1.5 })
            yield return Rnn(
                device, Cell.RnnTanh, hidden, steps, seed,
                HiddenWeights.Orthogonal(hidden, scale, seed), 1,
                $"rotation x {scale}, |x| up to 1", "log s: a bound, for tanh saturates");
        foreach (double scale in new[] { 0.5, 1.0, 1.5 })
            yield return Rnn(
                device, Cell.RnnTanh, hidden, steps, seed,
                HiddenWeights.Normal(hidden, scale, seed), Small,
                $"normal x {scale}", "log of the largest singular value: a bound");
    }

    static SlopeRow Rnn(
        Device device, Cell cell, int hidden, int steps, int seed,
        MathNet.Numerics.LinearAlgebra.Matrix<double> w, double amplitude,
        string start, string theory)
    {
        using Recurrent<double> network = new(device, cell, Inputs, hidden);
        network.Initialize(seed);
        HiddenWeights.Set(network, w);
        double[] norms = HiddenGradients.Norms(network, steps, amplitude, seed);
        return new(cell.Name, start, norms, HiddenGradients.Slope(norms), Math.Log(HiddenWeights.SingularValues(w)[0]), theory);
    }

    /// <summary>Every cell as it is initialised, and gated cells with memories of up to T steps.</summary>
    public static IEnumerable<SlopeRow> Cells(Device device, int hidden, int steps, int seed)
    {
        foreach (Cell cell in Cell.All)
            foreach (int memory in cell.KeepGate is null ? new[] { 0 } : [0, steps])
            {
                using Recurrent<double> network = new(device, cell, Inputs, hidden);
                network.Initialize(seed, memory);
                double[] norms = HiddenGradients.Norms(network, steps, 1, seed);
                double? bound = cell.KeepGate is not null ? null
                    : Math.Log(HiddenWeights.SingularValues(HiddenWeights.Get(network))[0] * (cell == Cell.RnnSigmoid ? 0.25 : 1));
                yield return new(cell.Name, memory > 0 ? $"memories of up to {memory} steps" : "as PyTorch", norms,
                    HiddenGradients.Slope(norms), bound,
                    bound is null ? "" : "log of the largest singular value times the largest slope of g: a bound");
            }
    }
}

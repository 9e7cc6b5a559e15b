using GpuRnn.Data;
using GpuRnn.Layers;

namespace GpuRnn.Lecture.Labs.Gradients;

/// <summary>
/// The norm of dL/dh_t along time, by the engine and by nothing but its public surface: a sequence that starts at step t from the state
/// there has the gradient of its initial state at its start, and a ragged batch holds the starts at all steps.
/// </summary>
static class HiddenGradients
{
    /// <summary>|dL/dh_t| for t = 0 to T - 1, where L is a random direction of h_T; the geometric mean over several sequences.</summary>
    /// <param name="network">One layer, weights as they are to be measured.</param>
    /// <param name="steps">T.</param>
    /// <param name="amplitude">x is uniform in [-amplitude, amplitude).</param>
    /// <param name="seed">Seed of x and of the direction.</param>
    /// <param name="sequences">How many sequences.</param>
    public static double[] Norms(Recurrent<double> network, int steps, double amplitude, int seed, int sequences = 8)
    {
        int h = network.HiddenSize, inputs = network.InputSize;
        using Pass<double> before = network.Plan(steps, steps),
            after = network.Plan(steps, steps, new() { Training = true, InputGradient = false });
        SplitMix random = new((ulong)seed);
        double[] logarithms = new double[steps];
        double[] states = new double[steps * h], cells = new double[network.HasC ? states.Length : 0], gradient = new double[states.Length];
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            double[] x = [.. Enumerable.Range(0, steps * inputs).Select(_ => (2 * random.Uniform() - 1) * amplitude)];
            double[] direction = Unit([.. Enumerable.Range(0, h).Select(_ => random.Normal())]);
            // the states after 0, 1, ... steps, then what is left of the sequence from each
            before.SetLengths(steps, [.. Enumerable.Range(0, steps)]);
            before.Forward(Shifted(x, steps, inputs, fromStart: true), []);
            before.GetFinalStates(states, cells);
            after.SetLengths(steps, [.. Enumerable.Range(0, steps).Select(t => steps - t)]);
            after.SetInitialStates(states, cells);
            after.Forward(Shifted(x, steps, inputs, fromStart: false), []);
            after.Backward([], [.. Enumerable.Range(0, steps).SelectMany(_ => direction)]);
            after.GetInitialStateGradients(gradient);
            for (int t = 0; t < steps; t++) logarithms[t] += Math.Log(Norm(gradient.AsSpan(t * h, h))) / sequences;
        }
        return [.. logarithms.Select(Math.Exp)];
    }

    /// <summary>[T, B, I] Sequence t of the batch is x from its start, or from step t on.</summary>
    static double[] Shifted(double[] x, int steps, int inputs, bool fromStart)
    {
        double[] all = new double[steps * steps * inputs];
        for (int t = 0; t < steps; t++)
            for (int b = 0; b < steps; b++)
                if (fromStart || b + t < steps)
                    x.AsSpan((fromStart ? t : b + t) * inputs, inputs).CopyTo(all.AsSpan((t * steps + b) * inputs));
        return all;
    }

    static double Norm(ReadOnlySpan<double> v) => System.Numerics.Tensors.TensorPrimitives.Norm(v);

    static double[] Unit(double[] v) => [.. v.Select(x => x / Norm(v))];

    /// <summary>The least-squares slope of log |dL/dh_t| over steps backwards: below 0 it vanishes, above 0 it explodes.</summary>
    public static double Slope(double[] norms)
    {
        (double X, double Y)[] points =
            [.. norms.Select((n, t) => ((double)(norms.Length - t), Math.Log(n))).Where(p => double.IsFinite(p.Item2))];
        double x = points.Average(p => p.X), y = points.Average(p => p.Y);
        return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
    }
}

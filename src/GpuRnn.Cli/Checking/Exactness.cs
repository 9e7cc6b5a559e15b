using System.Numerics;
using GpuRnn.Layers;
using GpuRnn.Measuring;

namespace GpuRnn.Cli.Checking;

/// <summary>How right a pass is, beside how fast.</summary>
/// <param name="OutputError">max|y - y'| / max|y'|, y' the output of the same pass in double precision on the CPU.</param>
/// <param name="GradientError">The largest of the same for all gradients; null without a backward pass.</param>
/// <param name="Runs">Runs that were compared with each other.</param>
/// <param name="SameBits">Did all of them make the same bits?</param>
sealed record Exactness(double OutputError, double? GradientError, int Runs, bool SameBits)
{
    const int AllRuns = 10;

    public static Exactness Of(Device device, Cell cell, BenchShape shape, bool training, int recompute, CancellationToken cancel)
    {
        PassOptions options = new() { Recompute = recompute };
        using Recurrent<float> network = new(device, cell, shape.I, shape.H);
        network.Initialize(1);
        Random random = new(1);
        Problem<float> problem = new(shape.T, shape.B) { X = Uniform(random, shape.I), Dy = training ? Uniform(random, shape.H) : null };
        Dictionary<string, float[]> first = Run(network, problem);
        bool same = true;
        for (int run = 1; run < AllRuns; run++)
        {
            cancel.ThrowIfCancellationRequested();
            Dictionary<string, float[]> next = Run(network, problem);
            same &= first.All(t => t.Value.AsSpan().SequenceEqual(next[t.Key], BitComparer.Instance));
        }
        List<TensorError> errors = Comparison.Compare(first, InDouble(network, problem), new(0, 0));
        return new(Worst(false), training ? Worst(true) : null, AllRuns, same);

        float[] Uniform(Random random, int size) =>
            [.. Enumerable.Range(0, checked(shape.T * shape.B * size)).Select(_ => 2 * random.NextSingle() - 1)];

        Dictionary<string, E[]> Run<E>(Recurrent<E> network, Problem<E> problem)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> =>
            training ? EngineRun.Train(network, options, problem) : EngineRun.Infer(network, options, problem);

        IEnumerable<(string, double[])> InDouble(Recurrent<float> single, Problem<float> p)
        {
            using Device cpu = Device.Open("cpu");
            using Recurrent<double> wide = new(cpu, cell, shape.I, shape.H);
            foreach (Parameter parameter in single.Parameters.All)
                wide.Parameters.Set(parameter.Name, Doubles(single.Parameters.Get(parameter.Name)));
            Problem<double> same = new(p.Steps, p.Sequences) { X = Doubles(p.X), Dy = p.Dy is null ? null : Doubles(p.Dy) };
            return [.. Run(wide, same).Select(t => (t.Key, t.Value))];
        }

        static double[] Doubles(float[] from) => Array.ConvertAll(from, x => (double)x);

        // Math.Max keeps NaN
        double Worst(bool gradients) =>
            errors.Where(e => Bounds.IsGradient(e.Name) == gradients).Select(e => e.Error).Aggregate(0.0, Math.Max);
    }

    /// <summary>By bits: NaN equals itself, and 0 is not -0.</summary>
    sealed class BitComparer : IEqualityComparer<float>
    {
        public static readonly BitComparer Instance = new();
        public bool Equals(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
        public int GetHashCode(float value) => BitConverter.SingleToInt32Bits(value);
    }
}

using System.Numerics;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Checking;

/// <summary>Runs conformance cases on a device, each with both strategies.</summary>
static class ConformanceRun
{
    /// <summary>Checks that the network of a case is that of its file, which reads no tensor.</summary>
    public static void CheckNetwork(Device device, ConformanceCase subject)
    {
        using Recurrent<float> network = new(device, subject.Cell, subject.InputSize, subject.HiddenSize, subject.Options);
        subject.CheckParameters(network.Parameters.All);
        foreach (string state in new[] { "c0", "grad_cn" })
            if (!network.HasC && subject.Has(state)) throw subject.Wrong($"there is a tensor '{state}', but {subject.Cell} has no c");
    }

    public static IEnumerable<CheckResult> Run<E>(Device device, string deviceId, ConformanceCase subject, Bounds bounds)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        using Recurrent<E> network = new(device, subject.Cell, subject.InputSize, subject.HiddenSize, subject.Options);
        foreach (string name in subject.Parameters) network.Parameters.Set(name, Read<E>(subject, $"param.{name}"));
        Problem<E> problem = ProblemOf<E>(subject);
        (string Name, double[] Data)[] expected = [.. subject.Expected.Select(name => (name, subject.File.ReadDouble(name)))];
        var forward = expected.Where(t => t.Name is "output" or "hn" or "cn").ToArray();
        foreach (Strategy strategy in SelfCheck.StrategiesOf(device))
        {
            PassOptions options = new() { BatchFirst = subject.BatchFirst, Strategy = strategy };
            List<TensorError> errors = Comparison.Compare(EngineRun.Train(network, options, problem), expected, bounds);
            List<TensorError> inference = Comparison.Compare(EngineRun.Infer(network, options, problem), forward, bounds);
            errors.AddRange(inference.Select(e => e with { Name = $"{e.Name} (inference)" }));
            yield return new(subject.Name, subject.Cell.Name, deviceId, typeof(E) == typeof(float) ? "float" : "double", strategy, errors);
        }
    }

    static Problem<E> ProblemOf<E>(ConformanceCase subject) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        E[]? Optional(string name) => subject.Has(name) ? Read<E>(subject, name) : null;
        return new(subject.Steps, subject.Sequences)
        {
            X = Read<E>(subject, "input"),
            Lengths = subject.Has("lengths") ? Lengths(subject) : null,
            H0 = Optional("h0"), C0 = Optional("c0"),
            Dy = Optional("grad_output"), Dhn = Optional("grad_hn"), Dcn = Optional("grad_cn"),
        };
    }

    static int[] Lengths(ConformanceCase subject)
    {
        long[] lengths = subject.File.ReadInt64("lengths");
        foreach (long length in lengths)
            if (length < 0 || length > subject.Steps) throw subject.Wrong($"'lengths' has {length}; expected 0 to {subject.Steps}");
        return [.. lengths.Select(length => (int)length)];
    }

    static E[] Read<E>(ConformanceCase subject, string name) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> =>
        typeof(E) == typeof(float) ? (E[])(object)subject.File.ReadSingle(name) : (E[])(object)subject.File.ReadDouble(name);
}

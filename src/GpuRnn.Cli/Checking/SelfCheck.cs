using System.Numerics;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Checking;

/// <summary>A cell on a device against <see cref="PlainNetwork"/>: a shape that no vector or tile divides, and one that some do.</summary>
static class SelfCheck
{
    static readonly Shape[] s_shapes =
        [new([5, 3, 5, 1, 0], 5, 7, 19), new([.. Enumerable.Range(0, 33).Select(b => 3 - b % 7 / 3)], 3, 5, 16)];

    /// <summary>Of weights in int8, and inputs of their products: 7 bits and a sign leave a few percent.</summary>
    static readonly Bounds s_rounded = new(0.1, 0.1);

    public static IEnumerable<CheckResult> Run<E>(Device device, string deviceId, Cell cell, Bounds bounds)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        foreach (Strategy strategy in StrategiesOf(device)) yield return Of<E>(device, deviceId, cell, strategy, false, bounds);
        yield return Of<E>(device, deviceId, cell, Strategy.SequencesOwned, true, bounds);
        if (typeof(E) == typeof(float) && device.VectorBits > 0) yield return InBytes<E>(device, deviceId, cell);
    }

    /// <summary>Weights in int8: near what float ones give, and no nearer.</summary>
    static CheckResult InBytes<E>(Device device, string deviceId, Cell cell) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        List<TensorError> errors = [];
        foreach (Shape shape in s_shapes)
        {
            using Recurrent<E> network = new(device, cell, shape.Inputs, shape.Units);
            network.Initialize(7);
            Problem<E> problem = ProblemOf<E>(shape, false, network.HasC);
            var parameters = network.Parameters.All.ToDictionary(p => p.Name, p => Doubles(network.Parameters.Get(p.Name))!);
            var expected = new PlainNetwork(cell.Name, shape.Inputs, shape.Units, parameters).Run(InDouble(problem, shape.Inputs));
            errors.AddRange(Infer(
                network, new() { WeightPrecision = WeightPrecision.Int8, Strategy = Strategy.SequencesOwned }, problem, expected, s_rounded,
                "int8"));
        }
        return new("int8", cell.Name, deviceId, "float", Strategy.SequencesOwned,
            [.. errors.GroupBy(e => e.Name).Select(same => same.MaxBy(e => e.Badness)!)]);
    }

    /// <summary>Those that a device can have: a grid takes four workers of a CPU.</summary>
    public static IEnumerable<Strategy> StrategiesOf(Device device) =>
        Enum.GetValues<Strategy>().Where(s => s != Strategy.Grid || device.VectorBits > 0 && device.Workers >= 4);

    static CheckResult Of<E>(Device device, string deviceId, Cell cell, Strategy strategy, bool index, Bounds bounds)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        List<TensorError> errors = [];
        foreach (Shape shape in s_shapes)
        {
            using Recurrent<E> network = new(device, cell, shape.Inputs, shape.Units, new() { IndexInput = index });
            network.Initialize(7);
            Problem<E> problem = ProblemOf<E>(shape, index, network.HasC);
            var parameters = network.Parameters.All.ToDictionary(p => p.Name, p => Doubles(network.Parameters.Get(p.Name))!);
            PlainNetwork plain = new(cell.Name, shape.Inputs, shape.Units, parameters);
            Dictionary<string, double[]> expected = plain.Run(InDouble(problem, shape.Inputs));
            if (index) expected.Remove("grad_input"); // an index has none
            PassOptions options = new() { Strategy = strategy };
            errors.AddRange(Comparison.Compare(EngineRun.Train(network, options, problem), All(expected), bounds));
            errors.AddRange(Infer(network, options, problem, expected, bounds, "inference"));
            if (typeof(E) != typeof(float)) continue;
            // weights in half the bytes: the outputs of what they are rounded to
            foreach (Parameter p in network.Parameters.All.Where(p => p.Shape.Count == 2))
                parameters[p.Name] = Array.ConvertAll(parameters[p.Name], InBFloat16);
            expected = new PlainNetwork(cell.Name, shape.Inputs, shape.Units, parameters).Run(InDouble(problem, shape.Inputs));
            options = options with { WeightPrecision = WeightPrecision.BFloat16 };
            errors.AddRange(Infer(network, options, problem, expected, bounds, "bfloat16"));
        }
        // of both shapes the worse
        TensorError[] worst = [.. errors.GroupBy(e => e.Name).Select(same => same.MaxBy(e => e.Badness)!)];
        return new(index ? "indices" : "numbers", cell.Name, deviceId, typeof(E) == typeof(float) ? "float" : "double", strategy, worst);
    }

    static IEnumerable<TensorError> Infer<E>(
        Recurrent<E> network, PassOptions options, Problem<E> problem, Dictionary<string, double[]> expected, Bounds bounds, string what)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> =>
        Comparison.Compare(
            EngineRun.Infer(network, options, problem), All(expected).Where(t => t.Name is "output" or "hn" or "cn"), bounds)
            .Select(e => e with { Name = $"{e.Name} ({what})" });

    /// <summary>Eight significant bits, rounded to nearest, ties to even.</summary>
    static double InBFloat16(double value)
    {
        if (value == 0) return 0;
        double unit = Math.ScaleB(1, Math.ILogB(value) - 7);
        return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
    }

    static IEnumerable<(string Name, double[] Data)> All(Dictionary<string, double[]> tensors) => tensors.Select(t => (t.Key, t.Value));

    static Problem<E> ProblemOf<E>(Shape shape, bool index, bool hasC) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        Random random = new(11);
        E[] New(int length) => [.. Enumerable.Range(0, length).Select(_ => E.CreateChecked(2 * random.NextDouble() - 1))];
        int rows = shape.Steps * shape.Sequences, states = shape.Sequences * shape.Units;
        return new(shape.Steps, shape.Sequences)
        {
            X = index ? [] : New(rows * shape.Inputs),
            Indices = index ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(shape.Inputs))] : null,
            Lengths = shape.Lengths,
            H0 = New(states), C0 = hasC ? New(states) : null,
            Dy = New(rows * shape.Units), Dhn = New(states), Dcn = hasC ? New(states) : null,
        };
    }

    /// <summary>The same numbers; indices as the one-hot vectors that they stand for.</summary>
    static Problem<double> InDouble<E>(Problem<E> p, int inputs)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> =>
        new(p.Steps, p.Sequences)
        {
            X = p.Indices is null
                ? Doubles(p.X)!
                : [.. p.Indices.SelectMany(i => Enumerable.Range(0, inputs).Select(k => k == i ? 1.0 : 0))],
            Lengths = p.Lengths,
            H0 = Doubles(p.H0), C0 = Doubles(p.C0), Dy = Doubles(p.Dy), Dhn = Doubles(p.Dhn), Dcn = Doubles(p.Dcn),
        };

    static double[]? Doubles<E>(E[]? from) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> =>
        from is null ? null : Array.ConvertAll(from, double.CreateChecked);

    readonly record struct Shape(int[] Lengths, int Steps, int Inputs, int Units)
    {
        public int Sequences => Lengths.Length;
    }
}

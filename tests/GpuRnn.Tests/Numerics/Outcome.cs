using GpuRnn.Kernels.Memory;
using GpuRnn.Layers;
using GpuRnn.Tests.Cells;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Numerics;

/// <summary>What the engine gives for a case.</summary>
sealed record Outcome<E>(E[] Y, E[] Hn, E[] Cn, E[] Dx, E[] Dh0, E[] Dc0, Dictionary<string, E[]> Gradients)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>The case through the engine and through the reference.</summary>
    public static Outcome<E> Of(Device device, Case c, out ReferenceResult expected)
    {
        Outcome<E> outcome = Of(device, c, out Dictionary<string, double[]> parameters, out Inputs inputs);
        ReferenceNetwork reference = new(c.Cell, c.I, c.H, c.Layers, (ReferenceDirections)c.Directions, parameters);
        expected = reference.Run(inputs.X, c.T, c.B, c.Lengths, inputs.H0, inputs.C0, inputs.Dy, inputs.Dhn, inputs.Dcn);
        if (c.BatchFirst) outcome = outcome with { Y = Swap(outcome.Y, c.B, c.T), Dx = Swap(outcome.Dx, c.B, c.T) };
        return outcome;
    }

    public sealed record Inputs(double[] X, double[]? H0, double[]? C0, double[] Dy, double[]? Dhn, double[]? Dcn);

    public static Outcome<E> Of(Device device, Case c, out Dictionary<string, double[]> parameters, out Inputs inputs)
    {
        using Recurrent<E> network = TestCell.Network<E>(
            device, c.Cell, c.I, c.H,
            new()
            {
                Layers = c.Layers, Directions = c.Directions, Bias = c.Bias,
                Storage = new(c.ShortWeights ? typeof(ShortNumber) : typeof(Plain<E>), c.ShortGates ? typeof(ShortNumber)
                    : typeof(Plain<E>)),
            });
        parameters = [];
        int seed = c.Seed * 1000;
        foreach (Parameter p in network.Parameters.All)
        {
            parameters[p.Name] = Numbers.Rounded<E>(Numbers.Random((int)p.Length, seed++, 1 / Math.Sqrt(c.H)));
            network.Parameters.Set(p.Name, Numbers.To<E>(parameters[p.Name]));
            if (c.ShortWeights && p.Shape.Count == 2) parameters[p.Name] = [.. parameters[p.Name].Select(ShortNumber.Rounded)];
        }
        int rows = c.Layers * network.DirectionCount * c.B, h = rows * network.SizeOfH, cs = rows * network.SizeOfC, d = network.OutputSize;
        double[] Make(int n) => Numbers.Rounded<E>(Numbers.Random(n, seed++));
        inputs = new(Make(c.T * c.B * c.I), c.States ? Make(h) : null, c.States && network.HasC ? Make(cs) : null,
            Make(c.T * c.B * d), c.States ? Make(h) : null, c.States && network.HasC ? Make(cs) : null);

        using Pass<E> pass = network.Plan(
            c.T, c.B, new()
            { Training = true, Strategy = c.Strategy, BatchFirst = c.BatchFirst, Recompute = c.Recompute, Sharing = c.Sharing });
        if (c.Lengths is not null) pass.SetLengths(c.T, c.Lengths);
        if (inputs.H0 is not null) pass.SetInitialStates(Numbers.To<E>(inputs.H0), Numbers.To<E>(inputs.C0 ?? []));
        double[] x = c.BatchFirst ? Swap(inputs.X, c.T, c.B) : inputs.X, dy = c.BatchFirst ? Swap(inputs.Dy, c.T, c.B) : inputs.Dy;
        E[] y = new E[c.T * c.B * d], hn = new E[h], cn = new E[cs];
        pass.Forward(Numbers.To<E>(x), y);
        pass.GetFinalStates(hn, cn);
        pass.Backward(Numbers.To<E>(dy), Numbers.To<E>(inputs.Dhn ?? []), Numbers.To<E>(inputs.Dcn ?? []));
        E[] dx = new E[x.Length], dh0 = new E[h], dc0 = new E[cn.Length];
        pass.GetInputGradient(dx);
        pass.GetInitialStateGradients(dh0, dc0);
        return new(y, hn, cn, dx, dh0, dc0, network.Parameters.All.ToDictionary(p => p.Name, p => network.Parameters.GetGradient(p.Name)));
    }

    /// <summary>[a, b, ...] to [b, a, ...].</summary>
    static T[] Swap<T>(T[] values, int a, int b)
    {
        int n = values.Length / (a * b);
        T[] to = new T[values.Length];
        for (int i = 0; i < a; i++)
            for (int j = 0; j < b; j++) Array.Copy(values, (i * b + j) * n, to, (j * a + i) * n, n);
        return to;
    }
}

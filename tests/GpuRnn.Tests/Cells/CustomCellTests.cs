using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Layers;
using GpuRnn.Tests.Numerics;

namespace GpuRnn.Tests.Cells;

public class CustomCellTests
{
    const int T = 4, B = 5, I = 3, H = 18;

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void OutputsAreThoseOfTheEquations(string device)
    {
        using Recurrent<float> network = new(TestDevices.Get(device), Cell.Of("mgu", typeof(MinimalGatedUnit<>)), I, H);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, B);
        float[] x = Numbers.To<float>(Numbers.Random(T * B * I, 2)), y = new float[T * B * H];
        pass.Forward(x, y);
        Assert.That(Numbers.Error(y, Plain(network.Parameters, x)), Is.LessThan(1e-6));
    }

    /// <summary>Gradients against central differences of the engine's own forward pass, in double.</summary>
    [Test]
    public void GradientsAreDifferences([Values] Strategy strategy)
    {
        using Recurrent<double> network = new(
            TestDevices.Get("cpu"), Cell.Of("mgu", typeof(MinimalGatedUnit<>)), I, H, new() { Layers = 2 });
        network.Initialize(1);
        using Pass<double> pass = network.Plan(T, B, new() { Training = true, Strategy = strategy });
        pass.SetLengths(T, [4, 2, 3, 1, 4]);
        double[] x = Numbers.Random(T * B * I, 2), dy = Numbers.Random(T * B * H, 3), y = new double[dy.Length];
        double Loss()
        {
            pass.Forward(x, y);
            return y.Zip(dy, (a, b) => a * b).Sum();
        }
        Loss();
        pass.Backward(dy);
        double[] dx = new double[x.Length];
        pass.GetInputGradient(dx);
        foreach (Parameter p in network.Parameters.All)
        {
            double[] gradient = network.Parameters.GetGradient(p.Name), value = network.Parameters.Get(p.Name);
            for (int i = 0; i < value.Length; i += 17)
                Near(
                    gradient[i],
                    v => { value[i] = v; network.Parameters.Set(p.Name, value); },
                    value[i], $"{p.Name}[{i}]");
        }
        for (int i = 0; i < x.Length; i += 5) Near(dx[i], v => x[i] = v, x[i], $"x[{i}]");

        void Near(double gradient, Action<double> set, double at, string name)
        {
            set(at + 1e-5);
            double up = Loss();
            set(at - 1e-5);
            double difference = (up - Loss()) / 2e-5;
            set(at);
            Assert.That(gradient, Is.EqualTo(difference).Within(1e-8 + 1e-7 * Math.Abs(difference)), name);
        }
    }

    static double[] Plain(Parameters<float> parameters, float[] x)
    {
        float[] wi = parameters.Get("weight_ih_l0"), wh = parameters.Get("weight_hh_l0"), bi = parameters.Get("bias_ih_l0"),
            bh = parameters.Get("bias_hh_l0");
        double[] h = new double[B * H], y = new double[T * B * H];
        for (int t = 0; t < T; t++)
        {
            double[] next = new double[B * H];
            for (int b = 0; b < B; b++)
                for (int u = 0; u < H; u++)
                {
                    double In(int gate) => bi[gate * H + u] + Enumerable.Range(0, I)
                        .Sum(i => (double)wi[(gate * H + u) * I + i] * x[(t * B + b) * I + i]);
                    double Hidden(int gate) =>
                        bh[gate * H + u] + Enumerable.Range(0, H).Sum(k => wh[(gate * H + u) * H + k] * h[b * H + k]);
                    double f = 1 / (1 + Math.Exp(-In(0) - Hidden(0))), n = Math.Tanh(In(1) + f * Hidden(1));
                    next[b * H + u] = (1 - f) * h[b * H + u] + f * n;
                }
            h = next;
            h.CopyTo(y, t * B * H);
        }
        return y;
    }

    /// <summary>A way of running that lacks what a cell wants leaves it to another, and the plan says so.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void WhatAWayLacksIsSaid(string device)
    {
        using Recurrent<float> network = new(TestDevices.Get(device), TestCell.Engine("rnn_normalized"), I, H);
        using Pass<float> pass = network.Plan(T, 1, new() { Strategy = Strategy.HiddenOwned });
        Assert.That(pass.Strategy, Is.EqualTo(Strategy.SequencesOwned));
        Assert.That(pass.Explain().Single(), Does.Contain("HiddenOwned cannot: the statistics of rnn_normalized"));
    }

    [Test]
    public void SizesOfProjectionsAreChecked()
    {
        Device device = TestDevices.Get("cpu");
        Cell projected = TestCell.Engine("lstm_projected");
        using Recurrent<float> right = new(device, projected, I, H, new() { ProjectionSize = 4, Directions = Directions.Concatenated });
        Assert.That((right.SizeOfH, right.SizeOfC, right.OutputSize), Is.EqualTo((4, H, 8)));
        foreach (int size in new[] { -1, 0, H + 1 })
            Assert.That(() => new Recurrent<float>(device, projected, I, H, new() { ProjectionSize = size }),
                Throws.TypeOf<BadArgumentException>().With.Message.Contains($"is {size}"));
        Assert.That(() => new Recurrent<float>(device, Cell.Lstm, I, H, new() { ProjectionSize = 4 }),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("does not project"));
        Assert.That(() => Cell.Of("x", typeof(ProjectedUnit<>)), Throws.TypeOf<BadArgumentException>().With.Message.Contains("carries h"));
        Assert.That(() => Cell.Of("x", typeof(ProjectedTwice<>)),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("its cell projects already"));
    }

    /// <summary>Its cell carries h from step to step, so it cannot be projected.</summary>
    public struct ProjectedUnit<L> : IProjectedCell<L, MinimalGatedUnit<L>> where L : struct, ILane<L>;

    public struct ProjectedTwice<L> : IProjectedCell<L, ProjectedLstm<L>> where L : struct, ILane<L>;

    public struct OfClasses<L> where L : class;

    [Test]
    public void WhatIsNoCellIsRefused()
    {
        foreach (Type wrong in (Type[])[typeof(int), typeof(Nullable<>), typeof(OfClasses<>), typeof(KeyValuePair<,>)])
            Assert.That(() => Cell.Of("x", wrong), Throws.TypeOf<BadArgumentException>().With.Message.Contains("is no cell"));
        Assert.That(() => Cell.Of("", typeof(ProjectedLstm<>)), Throws.TypeOf<BadArgumentException>().With.Message.Contains("no name"));
        Assert.That(() => Cell.Named("lstn"), Throws.TypeOf<BadArgumentException>().With.Message.Contains("lstm"));
    }
}

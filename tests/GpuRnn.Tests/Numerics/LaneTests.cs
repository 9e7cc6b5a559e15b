using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Tests.Numerics;

/// <summary>exp, sigmoid, tanh and log of every lane against System.Math: the bounds that docs/numerics.md gives.</summary>
public unsafe class LaneTests
{
    const double Single = 2.5e-7, Double = 5e-16;

    [Test]
    public void Scalars()
    {
        Sweep(x => (float)x, (x, f) => Apply<ScalarSingle>(ScalarSingle.Of((float)x), f, ScalarSingle.Value), 87, Single);
        Sweep(x => x, (x, f) => Apply<ScalarDouble>(ScalarDouble.Of(x), f, ScalarDouble.Value), 700, Double);
    }
    [Test] public void Wide128() => Wide<Wide128<float>, Wide128<double>>();
    [Test] public void Wide256() => Wide<Wide256<float>, Wide256<double>>();
    [Test] public void Wide512() => Wide<Wide512<float>, Wide512<double>>();
    [Test] public void FourVectors() => Wide<Four<Wide256<float>, float>, Four<Wide256<double>, double>>();

    static void Wide<LF, LD>() where LF : struct, IVector<LF, float> where LD : struct, IVector<LD, double>
    {
        Sweep(x => (float)x, (x, f) => Apply(LF.Of((float)x), f, First<float, LF>), 87, Single);
        Sweep(x => x, (x, f) => Apply(LD.Of(x), f, First<double, LD>), 700, Double);
    }

    static E First<E, L>(L lane) where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
    {
        E* elements = stackalloc E[64];
        L.Store(elements, lane);
        for (int i = 1; i < L.Width; i++) Assert.That(elements[i], Is.EqualTo(elements[0]));
        return elements[0];
    }

    static double Apply<L>(L x, int f, Func<L, float> value) where L : struct, ILane<L> => value(Apply(x, f));
    static double Apply<L>(L x, int f, Func<L, double> value) where L : struct, ILane<L> => value(Apply(x, f));
    static L Apply<L>(L x, int f) where L : struct, ILane<L> => f switch { 0 => L.Exp(x), 1 => L.Sigmoid(x), _ => L.Tanh(x) };

    static void Sweep(Func<double, double> round, Func<double, int, double> get, double range, double bound)
    {
        Func<double, double>[] exact = [Math.Exp, x => 1 / (1 + Math.Exp(-x)), Math.Tanh];
        for (int f = 0; f < 3; f++)
        {
            double worst = 0, at = 0;
            for (double m = 1e-8; m < range; m *= 1.003)
                foreach (double x in new[] { round(m), round(-m) })
                {
                    double error = Math.Abs(get(x, f) - exact[f](x)) / Math.Abs(exact[f](x));
                    if (!(error <= worst)) (worst, at) = (error, x);
                }
            Assert.That(worst, Is.LessThanOrEqualTo(bound), $"function {f} at {at}");
            Assert.That(get(double.NaN, f), Is.NaN);
        }
        Assert.That(get(double.NegativeInfinity, 0), Is.Zero);
        Assert.That(get(double.PositiveInfinity, 0), Is.EqualTo(double.PositiveInfinity));
        Assert.That((get(double.NegativeInfinity, 1), get(double.PositiveInfinity, 1)), Is.EqualTo((0.0, 1.0)));
        Assert.That((get(double.NegativeInfinity, 2), get(double.PositiveInfinity, 2)), Is.EqualTo((-1.0, 1.0)));
    }

    [Test]
    public void Logarithm()
    {
        for (double x = 1e-30; x < 1e30; x *= 1.01)
        {
            Assert.That(
                ScalarSingle.Value(ScalarSingle.Log(ScalarSingle.Of((float)x))),
                Is.EqualTo(Math.Log((float)x)).Within(2e-7 * Math.Max(1, Math.Abs(Math.Log(x)))));
            Assert.That(ScalarDouble.Value(ScalarDouble.Log(ScalarDouble.Of(x))),
                Is.EqualTo(Math.Log(x)).Within(5e-16 * Math.Max(1, Math.Abs(Math.Log(x)))));
        }
        Assert.That(ScalarSingle.Value(ScalarSingle.Log(ScalarSingle.Of(float.NaN))), Is.NaN);
    }
}

using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Lecture.Labs;
using GpuRnn.Lecture.Labs.Gradients;

namespace GpuRnn.Lecture.Tests.Labs;

/// <summary>Gradients of h along time, against the chain rule by hand and against powers of s.</summary>
public class HiddenGradientsTests
{
    /// <summary>d_T is the direction, d_(t-1) = U^T ((1 - h_t^2) d_t): plain loops over the numbers that the lab draws.</summary>
    [Test]
    public void NormsOfATanhNetworkAreThoseOfTheChainRule()
    {
        const int H = 4, I = 3, T = 6, Sequences = 5;
        const double Amplitude = 0.8;
        using Recurrent<double> network = new(TestDevices.Get("cpu"), Cell.RnnTanh, I, H);
        network.Initialize(2);
        double[] w = network.Parameters.Get("weight_ih_l0"),
            u = network.Parameters.Get("weight_hh_l0"),
            b = network.Parameters.Get("bias_ih_l0"),
            b2 = network.Parameters.Get("bias_hh_l0");
        SplitMix random = new(7);
        double[] logarithms = new double[T];
        for (int sequence = 0; sequence < Sequences; sequence++)
        {
            double[] x = [.. Enumerable.Range(0, T * I).Select(_ => (2 * random.Uniform() - 1) * Amplitude)];
            double[] d = [.. Enumerable.Range(0, H).Select(_ => random.Normal())];
            d = [.. d.Select(v => v / Math.Sqrt(d.Sum(e => e * e)))];
            double[][] h = [new double[H], .. new double[T][]];
            for (int t = 0; t < T; t++)
                h[t + 1] =
                [
                    .. Enumerable.Range(0, H).Select(j => Math.Tanh(
                        b[j] + b2[j]
                        + Enumerable.Range(0, I).Sum(i => w[j * I + i] * x[t * I + i])
                        + Enumerable.Range(0, H).Sum(k => u[j * H + k] * h[t][k])))
                ];
            for (int t = T; t > 0; t--)
            {
                d = [.. Enumerable.Range(0, H).Select(k => Enumerable.Range(0, H).Sum(j => u[j * H + k] * (1 - h[t][j] * h[t][j]) * d[j]))];
                logarithms[t - 1] += Math.Log(Math.Sqrt(d.Sum(e => e * e))) / Sequences;
            }
        }
        double[] norms = HiddenGradients.Norms(network, T, Amplitude, 7, Sequences);
        for (int t = 0; t < T; t++) Assert.That(norms[t], Is.EqualTo(Math.Exp(logarithms[t])).Within(1e-9).Percent, $"t = {t}");
    }

    /// <summary>W_hh a rotation times s, and x so small that tanh is a straight line: s to the number of steps.</summary>
    [TestCase(0.7), TestCase(1), TestCase(1.1)]
    public void InTheLinearRegimeNormsArePowers(double s)
    {
        const int T = 30;
        using Recurrent<double> network = new(TestDevices.Get("cpu"), Cell.RnnTanh, 3, 16);
        network.Initialize(1);
        HiddenWeights.Set(network, HiddenWeights.Orthogonal(16, s, 5));
        double[] norms = HiddenGradients.Norms(network, T, 1e-6, 3);
        for (int t = 0; t < T; t++) Assert.That(norms[t], Is.EqualTo(Math.Pow(s, T - t)).Within(1e-6).Percent, $"t = {t}");
        Assert.That(HiddenGradients.Slope(norms), Is.EqualTo(Math.Log(s)).Within(1e-8));
    }

    [Test]
    public void ASlopeIsThatOfTheLogarithm()
    {
        Assert.That(HiddenGradients.Slope([0.125, 0.25, 0.5]), Is.EqualTo(-Math.Log(2)).Within(1e-12));
        Assert.That(HiddenGradients.Slope([8, 4, 2, 1]), Is.EqualTo(Math.Log(2)).Within(1e-12));
        // logs 0, 1, 5 at 3, 2, 1 steps back: least squares by hand gives -2.5
        Assert.That(HiddenGradients.Slope([1, Math.E, Math.Exp(5)]), Is.EqualTo(-2.5).Within(1e-12));
        Assert.That(HiddenGradients.Slope([0, 0.25, 0.5, 1]), Is.EqualTo(-Math.Log(2)).Within(1e-12), "a norm of 0 has no logarithm");
    }

    [Test]
    public void RotationsKeepLengths()
    {
        var q = HiddenWeights.Orthogonal(12, 0.9, 4);
        var square = q.Transpose() * q;
        for (int i = 0; i < 12; i++)
            for (int j = 0; j < 12; j++) Assert.That(square[i, j], Is.EqualTo(i == j ? 0.81 : 0).Within(1e-12));
        Assert.That(HiddenWeights.SingularValues(q), Is.All.EqualTo(0.9).Within(1e-12));
        Assert.That(HiddenWeights.Orthogonal(12, 0.9, 4), Is.EqualTo(q));
        Assert.That(HiddenWeights.SingularValues(HiddenWeights.Normal(400, 0.5, 1))[0], Is.EqualTo(1).Within(0.1), "about twice the scale");
    }
}

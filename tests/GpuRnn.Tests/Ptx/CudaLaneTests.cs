using GpuRnn.Backends;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Memory;
using GpuRnn.Ptx.Engine;
using ILGPU;

namespace GpuRnn.Tests.Ptx;

/// <summary>Functions in CUDA's own instructions, whose results the machine makes as wrong as they may be.</summary>
public class CudaLaneTests
{
    struct Arguments
    {
        public Buffer<float> X, Exp, Sigmoid, Tanh;
    }

    static void Functions(Arguments a)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= a.X.Length) return;
        CudaSingle x = CudaSingle.Of(a.X[i]);
        a.Exp[i] = CudaSingle.Value(CudaSingle.Exp(x));
        a.Sigmoid[i] = CudaSingle.Value(CudaSingle.Sigmoid(x));
        a.Tanh[i] = CudaSingle.Value(CudaSingle.Tanh(x));
    }

    static (float[] Exp, float[] Sigmoid, float[] Tanh) Of(float[] x)
    {
        using PtxGpu gpu = new();
        using DeviceArray<float> input = new(gpu.Device, x.Length), exp = new(gpu.Device, x.Length), sigmoid = new(gpu.Device, x.Length),
            tanh = new(gpu.Device, x.Length);
        gpu.Device.Upload<float>(x, input.View);
        gpu.Device.Backend.Kernel<Arguments>(Functions).Launch(new KernelConfig((x.Length + 63) / 64, 64),
            new() { X = input.Buffer, Exp = exp.Buffer, Sigmoid = sigmoid.Buffer, Tanh = tanh.Buffer });
        return (Read(exp), Read(sigmoid), Read(tanh));

        float[] Read(DeviceArray<float> from)
        {
            float[] to = new float[x.Length];
            gpu.Device.Download(from.View, to.AsSpan());
            return to;
        }
    }

    /// <summary>The bound that all lanes keep.</summary>
    [Test]
    public void ErrorsAreBounded()
    {
        float[] x = [.. Enumerable.Range(0, 6980).Select(i => (float)(1e-8 * Math.Pow(1.00328, i))).SelectMany(m => new[] { m, -m })];
        Assert.That(x.Max(), Is.GreaterThan(80).And.LessThan(87));
        (float[] exp, float[] sigmoid, float[] tanh) = Of(x);
        Check(exp, Math.Exp);
        Check(sigmoid, v => 1 / (1 + Math.Exp(-v)));
        Check(tanh, Math.Tanh);

        void Check(float[] got, Func<double, double> exact)
        {
            double worst = 0, at = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double error = Math.Abs(got[i] - exact(x[i])) / Math.Abs(exact(x[i]));
                if (!(error <= worst)) (worst, at) = (error, x[i]);
            }
            Assert.That(worst, Is.LessThanOrEqualTo(2.5e-7), $"at {at}");
        }
    }

    [Test]
    public void WhatIsNoNumberStaysNone()
    {
        (float[] exp, float[] sigmoid, float[] tanh) = Of([float.NaN, float.NegativeInfinity, float.PositiveInfinity, 0, -0f, -1000, 1000]);
        Assert.That(exp, Is.EqualTo(new[] { float.NaN, 0, float.PositiveInfinity, 1, 1, 0, float.PositiveInfinity }));
        Assert.That(sigmoid, Is.EqualTo(new[] { float.NaN, 0, 1, 0.5f, 0.5f, 0, 1 }).Within(2e-38f)); // not quite 0: as at -87
        Assert.That(tanh, Is.EqualTo(new[] { float.NaN, -1, 1, 0, 0, -1, 1 }));
    }
}

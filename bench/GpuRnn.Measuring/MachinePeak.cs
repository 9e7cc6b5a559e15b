using System.Runtime.CompilerServices;
using GpuRnn.Devices;
using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime;

namespace GpuRnn.Measuring;

/// <summary>
/// The most that a device computes: fused multiply-adds in independent chains, on the workers and vectors that the engine's passes use.
/// Clocks wander, so a share of the peak is taken with readings of the same moment.
/// </summary>
public sealed class MachinePeak : IDisposable
{
    const int GroupThreads = 256, GroupsAMultiprocessor = 16;
    readonly Device device;
    readonly MemoryBuffer1D<float, Stride1D.Dense> sink;
    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, int> kernel;
    readonly KernelConfig config;
    readonly double flopsAStep;
    readonly int steps;

    public MachinePeak(Device device)
    {
        this.device = device;
        bool cpu = device.VectorBits > 0;
        kernel = device.Accelerator.LoadKernel<ArrayView<float>, int>(!cpu ? PeakKernels.OnGpu : device.VectorBits switch
        {
            512 => PeakKernels.OnCpu<Peak512>,
            256 => PeakKernels.OnCpu<Peak256>,
            _ => PeakKernels.OnCpu<Peak128>,
        });
        config = cpu ? new(1, device.Workers) : new(device.Workers * GroupsAMultiprocessor, GroupThreads);
        sink = device.Accelerator.Allocate1D<float>(cpu ? device.Workers * PeakKernels.Line
            : (long)device.Workers * GroupsAMultiprocessor * GroupThreads);
        flopsAStep = 2.0 * PeakKernels.Chains * (cpu ? device.Workers * (device.VectorBits / 32) : sink.Length);
        steps = Timing.Repetitions(device, Launch);
    }

    void Launch(int n) => kernel(device.Stream, config, sink.View.AsContiguous(), n);

    /// <summary>GFLOP/s now.</summary>
    public double Read() => flopsAStep * steps / 1e9 / Timing.Median(Timing.Calls(device, () => Launch(steps), 0, 3));

    /// <summary>The best of a quarter of a second, which other programs hold up least.</summary>
    public double ReadBest() => flopsAStep * steps / 1e9 / Timing.Calls(device, () => Launch(steps), 0.25, 3).Min();

    public void Dispose() => sink.Dispose();
}

/// <summary>The kernels of <see cref="MachinePeak"/>; public, for ILGPU's launchers call them.</summary>
public static class PeakKernels
{
    /// <summary>Chains: more than latency times units of any machine (4 x 2), and no more than 16 registers hold.</summary>
    public const int Chains = 12;

    /// <summary>Elements of the sink between workers of the CPU, so that they share no cache line.</summary>
    public const int Line = 64;

    /// <summary>On the workers of the CPU.</summary>
    public static void OnCpu<L>(ArrayView<float> sink, int steps) where L : struct, IPeakVector<L> => Worker<L>(sink, steps);

    /// <summary>One worker: .NET code that ILGPU does not translate.</summary>
    [IntrinsicImplementation]
    public static void Worker<L>(ArrayView<float> sink, int steps) where L : struct, IPeakVector<L>
    {
        MeasuringThreads.Tie(Group.IdxX, Group.DimX);
        sink[Group.IdxX * Line] = L.First(Run<L>(steps));
    }

    /// <summary>On every thread of a GPU.</summary>
    public static void OnGpu(ArrayView<float> sink, int steps) => sink[Grid.GlobalIndex.X] = PeakNumber.First(Run<PeakNumber>(steps));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static L Run<L>(int steps) where L : struct, IPeakVector<L>
    {
        L x = L.Splat(0.999f), y = L.Splat(0.001f);
        L a = L.Splat(0.1f), b = L.Splat(0.2f), c = L.Splat(0.3f), d = L.Splat(0.4f), e = L.Splat(0.5f), f = L.Splat(0.6f);
        L g = L.Splat(1.1f), h = L.Splat(1.2f), i = L.Splat(1.3f), j = L.Splat(1.4f), k = L.Splat(1.5f), l = L.Splat(1.6f);
        for (; steps > 0; steps--)
        {
            a = L.Fma(a, x, y); b = L.Fma(b, x, y); c = L.Fma(c, x, y); d = L.Fma(d, x, y); e = L.Fma(e, x, y); f = L.Fma(f, x, y);
            g = L.Fma(g, x, y); h = L.Fma(h, x, y); i = L.Fma(i, x, y); j = L.Fma(j, x, y); k = L.Fma(k, x, y); l = L.Fma(l, x, y);
        }
        L one = L.Splat(1);
        L left = L.Fma(a, one, L.Fma(b, one, L.Fma(c, one, L.Fma(d, one, L.Fma(e, one, f)))));
        L right = L.Fma(g, one, L.Fma(h, one, L.Fma(i, one, L.Fma(j, one, L.Fma(k, one, l)))));
        return L.Fma(left, one, right);
    }
}

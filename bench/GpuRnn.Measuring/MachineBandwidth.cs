using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GpuRnn.Devices;
using ILGPU;
using ILGPU.IR.Intrinsics;
using ILGPU.Runtime;

namespace GpuRnn.Measuring;

/// <summary>
/// The most that a device streams through its memory, over arrays that no cache holds: a triad a = b + s * c on the CPU, written past the
/// caches so that the three arrays are all the traffic there is; a copy elsewhere.
/// </summary>
public static class MachineBandwidth
{
    const long MegaByte = 1 << 20;
    const int GroupThreads = 256, Spare = 16;

    /// <summary>GB/s.</summary>
    public static double Read(Device device, long memoryBytes)
    {
        bool cpu = device.VectorBits > 0;
        int arrays = cpu ? 3 : 2;
        long wanted = cpu ? Math.Max(64 * MegaByte, 2 * LastLevelCache()) : 256 * MegaByte;
        long length = Math.Min(wanted, memoryBytes / 16) / sizeof(float) / 1024 * 1024;
        List<MemoryBuffer1D<float, Stride1D.Dense>> memory = [];
        try
        {
            while (memory.Count < arrays) memory.Add(device.Accelerator.Allocate1D<float>(length + Spare));
            foreach (var array in memory) array.MemSetToZero(device.Stream);
            ArrayView<float>[] views = [.. memory.Select(m => m.View.AsContiguous().SubView(cpu ? Skipped(m.NativePtr) : 0, length))];
            Action launch = cpu ? Triad(device, views) : Copy(device, views);
            launch(); // compiles, and touches every page
            device.Synchronize();
            return arrays * length * sizeof(float) / 1e9 / Timing.Calls(device, launch, 0.25, 3).Min();
        }
        finally
        {
            memory.ForEach(array => array.Dispose());
        }
    }

    /// <summary>Floats to the next cache line, where vectors may be written past the caches.</summary>
    static long Skipped(nint address) =>
        (Spare * sizeof(float) - (address & Spare * sizeof(float) - 1)) % (Spare * sizeof(float)) / sizeof(float);

    static Action Triad(Device device, ArrayView<float>[] memory)
    {
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>>(BandwidthKernels.Triad);
        return () => kernel(device.Stream, new(1, device.Workers), memory[0], memory[1], memory[2]);
    }

    static Action Copy(Device device, ArrayView<float>[] memory)
    {
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>>(BandwidthKernels.Copy);
        int groups = (int)(memory[0].Length / GroupThreads);
        return () => kernel(device.Stream, new(groups, GroupThreads), memory[0], memory[1]);
    }

    static long LastLevelCache()
    {
        try
        {
            string size = File.ReadAllText("/sys/devices/system/cpu/cpu0/cache/index3/size").Trim();
            return size.EndsWith('K') ? long.Parse(size[..^1], CultureInfo.InvariantCulture) * 1024 : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0; // another system, or none told
        }
    }
}

/// <summary>The kernels of <see cref="MachineBandwidth"/>; public, for ILGPU's launchers call them.</summary>
public static class BandwidthKernels
{
    /// <summary>a = b + s * c on the workers of the CPU.</summary>
    public static void Triad(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c) => Worker(a, b, c);

    /// <summary>One worker: .NET code that ILGPU does not translate.</summary>
    [IntrinsicImplementation]
    public static unsafe void Worker(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c)
    {
        float* to = (float*)Unsafe.AsPointer(ref a[0]), left = (float*)Unsafe.AsPointer(ref b[0]),
            right = (float*)Unsafe.AsPointer(ref c[0]);
        int worker = Group.IdxX, workers = Group.DimX;
        MeasuringThreads.Tie(worker, workers);
        long share = a.Length / workers / 16 * 16, begin = share * worker, end = worker == workers - 1 ? a.Length : begin + share;
        Vector256<float> s = Vector256.Create(0.5f);
        for (long i = begin; i < end; i += Vector256<float>.Count)
            (Vector256.LoadAligned(left + i) + s * Vector256.LoadAligned(right + i)).StoreAlignedNonTemporal(to + i);
    }

    /// <summary>A copy, an element a thread.</summary>
    public static void Copy(ArrayView<float> to, ArrayView<float> from) => to[Grid.GlobalIndex.X] = from[Grid.GlobalIndex.X];
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using GpuRnn.Devices;
using GpuRnn.Devices.Machines;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;

namespace GpuRnn.Bench.Benchmarks;

/// <summary>
/// The engine's inner loop alone, on one thread: panels of an LSTM's weights, one behind another from a cache or from memory, under a
/// register tile. Times are for a vector of weights; beside them stands <see cref="Peak"/>, an FMA in independent chains, of which such a
/// vector takes as many as the tile has rows.
/// </summary>
public unsafe class ProductBenchmarks
{
    /// <summary>Vectors of weights a call: those of 128 MB at 512 bits, so that no cache holds them from call to call.</summary>
    const int Vectors = 1 << 21;

    /// <summary>Elements of a row, as a layer of 256 units has them.</summary>
    const int Operands = 256;

    Runner runner = null!;

    /// <summary>Rows of the tile; a single row takes one panel at a time, or two.</summary>
    [Params("1 row", "1 row, 2 panels", "2 rows", "3 rows", "4 rows", "6 rows")]
    public string Tile { get; set; } = "6 rows";

    /// <summary>Where the weights are: half of a cache, or more than all of them.</summary>
    [Params("L1", "L2", "L3", "memory")]
    public string Level { get; set; } = "L2";

    /// <summary>How they are stored.</summary>
    [Params("float", "bfloat16")]
    public string Weights { get; set; } = "float";

    /// <summary>Makes the weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Type vector = (Device.DefaultVectorBits switch { 512 => typeof(Wide512<>), 256 => typeof(Wide256<>), _ => typeof(Wide128<>) })
            .MakeGenericType(typeof(float));
        Type stored = Weights == "float" ? typeof(Plain<float>) : typeof(BFloat);
        runner = (Runner)Activator.CreateInstance(typeof(Runner<,>).MakeGenericType(vector, stored), Tile, Bytes())!;
    }

    long Bytes()
    {
        Machine machine = Machine.This;
        return Level switch
        {
            "L1" => machine.FirstLevel / 2,
            "L2" => machine.SecondLevel / 2,
            "L3" => machine.LastLevel / 2,
            _ => 8 * machine.LastLevel,
        };
    }

    /// <summary>A vector of weights under the tile.</summary>
    [Benchmark(OperationsPerInvoke = Vectors)]
    public void Product() => runner.Product(Vectors);

    /// <summary>An FMA on a vector.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Vectors)]
    public void Peak() => runner.Peak(Vectors);

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup() => runner.Dispose();

    abstract class Runner : IDisposable
    {
        public abstract void Product(long vectors);
        public abstract void Peak(long vectors);
        public abstract void Dispose();
    }

    sealed class Runner<L, W> : Runner where L : struct, IVector<L, float> where W : unmanaged, IStored<W, float>
    {
        readonly int rows, groups, operands;
        readonly nint panel;
        readonly long panels;
        readonly W* weights;
        readonly float* inputs, sums;

        public Runner(string tile, long bytes)
        {
            rows = tile[0] - '0';
            groups = tile.EndsWith("2 panels", StringComparison.Ordinal) ? 2 : 1;
            nint slots = 4 * L.Width;
            operands = (int)Math.Min(Operands, bytes / sizeof(W) / slots / groups);
            panel = operands * slots;
            panels = Math.Max(groups, bytes / sizeof(W) / panel / groups * groups);
            weights = (W*)NativeMemory.AlignedAlloc((nuint)(panels * panel * sizeof(W)), 64);
            inputs = (float*)NativeMemory.AlignedAlloc((nuint)(6 * operands * sizeof(float)), 64);
            sums = (float*)NativeMemory.AlignedAlloc((nuint)(6 * slots * sizeof(float)), 64);
            for (long i = 0; i < panels * panel; i++) weights[i] = W.Of(0.001f);
            new Span<float>(inputs, 6 * operands).Fill(0.001f);
        }

        public override void Product(long vectors)
        {
            long left = vectors / 4 / operands;
            nint slots = 4 * L.Width;
            Rows<float> output = Rows<float>.Strided(sums, slots);
            Rows<Plain<float>> input = Rows<Plain<float>>.Strided((Plain<float>*)inputs, operands);
            Walk walk = Walk.Along(operands);
            while (left > 0)
                for (long p = 0; p < panels && left > 0; p += groups, left -= groups)
                    if (groups > 1) Product<float, Plain<float>, W, L, Slots4<L>, AllSlots<Slots4<L>, L>>.RunGroups(
                        groups, input.A, walk, weights + p * panel, slots, panel, default, output);
                    else Product<float, Plain<float>, W, L, Slots4<L>, AllSlots<Slots4<L>, L>>.Run(
                        rows, input, walk, weights + p * panel, slots, default, output);
        }

        public override void Peak(long vectors) => L.Store(sums, Chains(vectors / 12));

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        static L Chains(long steps)
        {
            L x = L.Splat(0.999), y = L.Splat(0.001), a = x, b = y, c = x, d = y, e = x, f = y, g = x, h = y, i = x, j = y, k = x, l = y;
            for (; steps > 0; steps--)
            {
                a = L.Fma(a, x, y); b = L.Fma(b, x, y); c = L.Fma(c, x, y); d = L.Fma(d, x, y); e = L.Fma(e, x, y); f = L.Fma(f, x, y);
                g = L.Fma(g, x, y); h = L.Fma(h, x, y); i = L.Fma(i, x, y); j = L.Fma(j, x, y); k = L.Fma(k, x, y); l = L.Fma(l, x, y);
            }
            return a + b + c + d + e + f + g + h + i + j + k + l;
        }

        public override void Dispose()
        {
            NativeMemory.AlignedFree(weights);
            NativeMemory.AlignedFree(inputs);
            NativeMemory.AlignedFree(sums);
        }
    }
}

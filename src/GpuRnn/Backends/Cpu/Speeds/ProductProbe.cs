using System.Diagnostics;
using System.Runtime.InteropServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Workers;

namespace GpuRnn.Backends.Cpu.Speeds;

/// <summary>How fast workers make the engine's own products, from weights of a given size, all at the same time.</summary>
abstract class ProductProbe
{
    /// <summary>The probe of a device's vectors.</summary>
    public static ProductProbe Of(Type lane) =>
        (ProductProbe)Activator.CreateInstance(typeof(ProductProbe<>).MakeGenericType(lane))!;

    /// <summary>Bytes of a vector.</summary>
    public abstract int VectorBytes { get; }

    /// <summary>Rows of a full tile.</summary>
    public abstract int MostRows { get; }

    /// <summary>
    /// Seconds a byte in which each worker goes through so many bytes of weights of its own, again and again, under a tile of so many rows,
    /// in panels as a layer has them: a panel at least. The shortest of a few runs of `patience` seconds.
    /// </summary>
    public abstract double Seconds(Team team, int workers, long bytes, int rows, double patience);

    /// <summary>The same of a panel that fits the first-level cache.</summary>
    public abstract double FirstLevelSeconds(Team team, int workers, int rows, double patience);
}

/// <summary>The same on a vector.</summary>
sealed unsafe class ProductProbe<L> : ProductProbe, ITeamWork where L : struct, IVector<L, float>
{
    /// <summary>Elements of a row: those of a layer of 256 units.</summary>
    const int Operands = 256;

    float*[] memory = [];
    long panels;
    int operands, rows, times;

    public override int VectorBytes => L.Width * sizeof(float);
    public override int MostRows => L.TileRows;

    int PanelLength => operands * 4 * L.Width;

    public override double Seconds(Team team, int workers, long bytes, int rows, double patience) =>
        Seconds(team, workers, bytes, rows, patience, Operands);

    public override double FirstLevelSeconds(Team team, int workers, int rows, double patience) =>
        Seconds(team, workers, 0, rows, patience, Operands / 4);

    double Seconds(Team team, int workers, long bytes, int rows, double patience, int operands)
    {
        (this.rows, this.operands) = (rows, operands);
        panels = Math.Max(1, bytes / (PanelLength * sizeof(float)));
        memory = new float*[workers];
        try
        {
            for (int i = 0; i < workers; i++)
            {
                memory[i] = (float*)NativeMemory.AlignedAlloc((nuint)(panels * PanelLength + 6 * operands) * sizeof(float), 64);
            }
            times = 0; // touches the memory
            Run(team, workers);
            times = 1;
            Run(team, workers);
            while (Run(team, workers) < patience) times *= 2;
            double best = double.PositiveInfinity;
            for (int i = 0; i < 3; i++) best = Math.Min(best, Run(team, workers));
            return best / ((double)times * panels * PanelLength * sizeof(float));
        }
        finally
        {
            foreach (float* m in memory) NativeMemory.AlignedFree(m);
            memory = [];
        }
    }

    double Run(Team team, int workers)
    {
        long began = Stopwatch.GetTimestamp();
        using (team.Enter()) team.Run(this, workers);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Run()
    {
        float* mine = memory[CpuWorkers.Index()];
        if (times == 0)
        {
            NativeMemory.Clear(mine, (nuint)(panels * PanelLength + 6 * operands) * sizeof(float));
            return;
        }
        float* sums = stackalloc float[6 * 4 * L.Width];
        Rows<Plain<float>> inputs = Rows<Plain<float>>.Strided((Plain<float>*)mine, operands);
        Rows<float> output = Rows<float>.Strided(sums, 4 * L.Width);
        Plain<float>* weights = (Plain<float>*)mine + 6 * operands;
        for (int turn = 0; turn < times; turn++)
            for (long panel = 0; panel < panels; panel++)
                Product<float, Plain<float>, Plain<float>, L, Slots4<L>, AllSlots<Slots4<L>, L>>.Run(
                    rows, inputs, Walk.Along(operands), weights + panel * PanelLength, 4 * L.Width, default, output);
    }
}

using GpuRnn.Layers;

namespace GpuRnn.Measuring;

/// <summary>
/// How fast a pass of one layer on the CPU should be: register tiles at the FMA peak, or at the speed of second-level cache where a tile
/// has too few rows; the cell's equations; launches and meetings. What is measured far below it deserves a look.
/// </summary>
public static class Prediction
{
    /// <summary>Vectors from second-level cache cost twice an FMA on a vector: 32 bytes a cycle against 64.</summary>
    const double CacheCost = 2;
    /// <summary>
    /// FMAs on a vector that a cell's loads, stores and addresses cost, and each of its gates (an exponential and a quotient).
    /// </summary>
    const double CellCost = 30, GateCost = 16;
    const double LaunchSeconds = 50e-6, MeetSeconds = 0.4e-6;

    /// <summary>GFLOP/s, given the peak.</summary>
    public static double Gflops(Device device, BenchShape shape, int gates, bool training, Strategy strategy, double peakGflops)
    {
        double width = device.VectorBits / 32.0, rows = (double)shape.T * shape.B, panels = Math.Ceiling(shape.H / width);
        int workers = device.Workers, tile = strategy == Strategy.HiddenOwned ? shape.B : Math.Max(1, shape.B / workers);
        double hiddenCost = Math.Max(1, CacheCost / Math.Min(6, tile)), inputCost = strategy == Strategy.HiddenOwned ? 1 : hiddenCost;
        double input = rows * panels * gates * shape.I, hidden = rows * panels * gates * shape.H;
        // backward: dh is bound as h is; dx and dW take many rows at a time
        double products = input * (inputCost + (training ? 2 : 0)) + hidden * (hiddenCost + (training ? hiddenCost + 1 : 0));
        double cell = rows * panels * (CellCost + GateCost * (gates == 4 ? 5 : gates)) * (training ? 2 : 1);
        double seconds = (products + cell) * 2 * width / (peakGflops * 1e9);
        seconds += LaunchSeconds * (training ? 2 : 1) + (strategy == Strategy.HiddenOwned ? shape.T * MeetSeconds * (training ? 2 : 1) : 0);
        return shape.Flops(gates, training) / seconds / 1e9;
    }
}

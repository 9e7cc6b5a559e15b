using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.Measuring.Results;
using ILGPU.Runtime;

namespace GpuRnn.Measuring;

/// <summary>A layer and a pass over one shape, with everything on the device: what is timed is the engine alone.</summary>
public sealed class BenchCase : IDisposable
{
    readonly Recurrent<float> network;
    readonly Pass<float> pass;
    readonly Device device;
    readonly BenchShape shape;
    readonly int gates;
    readonly bool training;

    public BenchCase(Device device, Cell cell, BenchShape shape, bool training, int recompute)
    {
        (this.device, this.shape, this.training) = (device, shape, training);
        gates = cell.Gates;
        Flops = shape.Flops(gates, training);
        network = new(device, cell, shape.I, shape.H);
        network.Initialize(1);
        pass = network.Plan(shape.T, shape.B, new() { Training = training, Recompute = recompute });
        Strategy = pass.Strategy;
        Random random = new(1);
        pass.SetShape(Math.Min(2, shape.T), shape.B);
        Call(); // compiles, on no more steps than that takes
        pass.SetShape(shape.T, shape.B);
        pass.Input.CopyFromCPU(device.Stream, Uniform(random, shape.T * shape.B * shape.I));
        if (training) pass.OutputGradient.CopyFromCPU(device.Stream, Uniform(random, shape.T * shape.B * shape.H));
        device.Synchronize();
    }

    /// <summary>Operations of a call.</summary>
    public double Flops { get; }

    public Strategy Strategy { get; }

    /// <summary>The plan, and on a CPU the speed that it should have beside the one it has.</summary>
    public IEnumerable<string> Explain(EngineResult result)
    {
        string predicted = device.VectorBits > 0
            ? $"predicted {Prediction.Gflops(device, shape, gates, training, Strategy, result.PeakGflops):F0}, " : "";
        return pass.Explain().Select(line => $"{line}; {predicted}measured {result.Gflops:F0} GFLOP/s, peak {result.PeakGflops:F0}");
    }

    /// <summary>One call.</summary>
    public void Call()
    {
        pass.Forward();
        if (training) pass.Backward();
    }

    static float[] Uniform(Random random, int length)
    {
        float[] numbers = new float[length];
        foreach (ref float number in numbers.AsSpan()) number = 2 * random.NextSingle() - 1;
        return numbers;
    }

    public void Dispose()
    {
        pass.Dispose();
        network.Dispose();
    }
}

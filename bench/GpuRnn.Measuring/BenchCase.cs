using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.Measuring.Results;
using GpuRnn.Memory;

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
        gates = Gates(device, cell);
        Flops = shape.Flops(gates, training);
        network = new(device, cell, shape.I, shape.H);
        network.Initialize(1);
        pass = network.Plan(shape.T, shape.B, new() { Training = training, Recompute = recompute });
        Strategy = Plan.Of(device, network.Layers[0][0], shape.T, shape.B, null).Strategy;
        Random random = new(1);
        pass.SetShape(Math.Min(2, shape.T), shape.B);
        Call(); // compiles, on no more steps than that takes
        pass.SetShape(shape.T, shape.B);
        device.Upload<float>(Uniform(random, shape.T * shape.B * shape.I), pass.Input);
        if (training) device.Upload<float>(Uniform(random, shape.T * shape.B * shape.H), pass.OutputGradient);
        device.Synchronize();
    }

    /// <summary>Gates of a cell.</summary>
    public static int Gates(Device device, Cell cell) => LayerKernels<float>.Of(device, cell, 1, false).Gates;

    /// <summary>Operations of a call.</summary>
    public double Flops { get; }

    public Strategy Strategy { get; }

    /// <summary>The plan, and on a CPU the speed that it should have beside the one it has.</summary>
    public IEnumerable<string> Explain(EngineResult result)
    {
        string predicted = device.Kind == DeviceKind.Cpu ? $"predicted {Prediction.Gflops(device, shape, gates, training, Strategy, result.PeakGflops):F0}, " : "";
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

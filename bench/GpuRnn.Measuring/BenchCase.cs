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
    readonly bool training;

    public BenchCase(Device device, Cell cell, BenchShape shape, bool training, PassOptions options)
    {
        (this.device, this.training) = (device, training);
        Flops = shape.Flops(cell.Gates, training);
        network = new(device, cell, shape.I, shape.H);
        network.Initialize(1);
        pass = network.Plan(shape.T, shape.B, options with { Training = training });
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

    /// <summary>On a CPU, what the plan chose from, best first.</summary>
    public IReadOnlyList<SharingTime> Candidates => pass.Candidates;

    /// <summary>The plan, and on a CPU the speed that it should have beside the one it has.</summary>
    public IEnumerable<string> Explain(EngineResult result)
    {
        string predicted = "";
        if (Candidates is [var chosen, ..])
        {
            double vectors = result.PeakGflops * 1e9 / device.Workers / (device.VectorBits / 16);
            predicted = $"predicted {Flops / (chosen.Time / vectors) / 1e9:F0}, ";
        }
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

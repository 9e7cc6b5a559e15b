using BenchmarkDotNet.Attributes;
using GpuRnn.Layers;

namespace GpuRnn.Bench.Benchmarks;

/// <summary>Whole passes of one layer: what `gpurnn bench` measures, under BenchmarkDotNet, with its allocations.</summary>
[MemoryDiagnoser]
public class PassBenchmarks
{
    Device device = null!;
    Recurrent<float> network = null!;
    Pass<float> inference = null!, training = null!;

    /// <summary>A device, as Device.Open takes it.</summary>
    [ParamsSource(nameof(Devices))]
    public string On { get; set; } = "cpu";

    /// <summary>Every device of this machine.</summary>
    public static IEnumerable<string> Devices => MachineDevices.Ids;

    /// <summary>The cell.</summary>
    [Params("lstm", "gru", "rnn_tanh", "relevance_lstm")]
    public string Cell { get; set; } = "lstm";

    /// <summary>T, B, I, H.</summary>
    [Params("100,64,128,256", "100,1,128,256", "20,512,32,64")]
    public string Shape { get; set; } = "100,64,128,256";

    /// <summary>Makes the network and its passes, with random input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] s = [.. Shape.Split(',').Select(int.Parse)];
        device = Device.Open(On);
        network = new(device, Layers.Cell.Named(Cell), s[2], s[3]);
        network.Initialize(1);
        inference = network.Plan(s[0], s[1]);
        training = network.Plan(s[0], s[1], new() { Training = true });
        float[] x = MachineDevices.Numbers(s[0] * s[1] * s[2]);
        inference.Forward(x, []);
        training.Forward(x, []);
        training.Backward(MachineDevices.Numbers(s[0] * s[1] * s[3]));
    }

    /// <summary>Inference.</summary>
    [Benchmark(Baseline = true)]
    public void Forward()
    {
        inference.Forward();
        device.Synchronize();
    }

    /// <summary>Forward for training, and backward.</summary>
    [Benchmark]
    public void ForwardAndBackward()
    {
        training.Forward();
        training.Backward();
        device.Synchronize();
    }

    /// <summary>Frees all of it.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        inference.Dispose();
        training.Dispose();
        network.Dispose();
        device.Dispose();
    }
}

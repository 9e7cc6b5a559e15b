using BenchmarkDotNet.Attributes;
using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.State;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Bench.Benchmarks;

/// <summary>What a training step and a server's step are made of, launch by launch, on an LSTM of 256.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    const int Steps = 100, Sequences = 64, InputSize = 128, Hidden = 256, Live = 20_000;
    Device device = null!;
    Recurrent<float> network = null!;
    Pass<float> inference = null!, training = null!, step = null!, other = null!;
    StateStore<float, int> store = null!;
    Adam<float> optimizer = null!;
    int[][] ready = [];
    Recurrent<float> least = null!;
    Pass<float> smallest = null!;
    int calls;

    /// <summary>A device, as Device.Open takes it.</summary>
    [ParamsSource(nameof(Devices))]
    public string On { get; set; } = "cpu";

    /// <summary>Every device of this machine.</summary>
    public static IEnumerable<string> Devices => MachineDevices.Ids;

    /// <summary>Makes the network, passes, a store of live sequences and an optimizer.</summary>
    [GlobalSetup]
    public void Setup()
    {
        device = Device.Open(On);
        network = new(device, Cell.Lstm, InputSize, Hidden);
        network.Initialize(1);
        (inference, step, other) = (network.Plan(Steps, Sequences), network.Plan(1, Sequences), network.Plan(1, Sequences));
        training = network.Plan(Steps, Sequences, new() { Training = true });
        float[] x = MachineDevices.Numbers(Steps * Sequences * InputSize);
        inference.Forward(x, []);
        training.Forward(x, []);
        training.Backward(MachineDevices.Numbers(Steps * Sequences * Hidden));
        store = new(network, Live);
        int[] keys = [.. Enumerable.Range(0, Live)];
        foreach (int key in keys) store.Open(key);
        new Random(1).Shuffle(keys);
        ready = [.. keys.Chunk(Sequences).Take(16)];
        optimizer = new(network.Parameters, rate: 1e-9, clip: new() { Norm = 1 }); // weights that hardly move
        least = new(device, Cell.RnnTanh, 1, 1);
        smallest = least.Plan(1, 1);
        smallest.Forward([1f], []);
    }

    /// <summary>A step of one unit, and waiting for it: no call is shorter.</summary>
    [Benchmark(Baseline = true)]
    public void Smallest() => Await(smallest.Forward);

    /// <summary>
    /// A step of 64 sequences after a change of weights: beside <see cref="Step"/>, what it costs to pack all weights anew.
    /// </summary>
    [Benchmark]
    public void PackAndStep()
    {
        network.Parameters.Changed();
        Await(other.Forward);
    }

    /// <summary>A step of 64 sequences.</summary>
    [Benchmark]
    public void Step() => Await(other.Forward);

    /// <summary>A step of 64 of 20,000 live sequences, others from call to call.</summary>
    [Benchmark]
    public void LiveStep()
    {
        store.Bind(step, ready[calls++ % ready.Length], 1);
        Await(step.Forward);
    }

    /// <summary>The norm of the gradient, clipping, and Adam's rule.</summary>
    [Benchmark]
    public double OptimizerStep() => optimizer.Step();

    /// <summary>Inference; 100 steps of 64 sequences.</summary>
    [Benchmark]
    public void Forward() => Await(inference.Forward);

    /// <summary>The same, with what backward needs.</summary>
    [Benchmark]
    public void ForwardForTraining() => Await(training.Forward);

    /// <summary>A backward pass writes over what its forward pass saved, so each needs one.</summary>
    [IterationSetup(Target = nameof(Backward))]
    public void ForwardFirst() => Await(training.Forward);

    /// <summary>All gradients; one call an iteration.</summary>
    [Benchmark]
    public void Backward()
    {
        training.Backward();
        device.Synchronize();
    }

    void Await(Action action)
    {
        action();
        device.Synchronize();
    }

    /// <summary>Frees all of it.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        IDisposable[] all = [smallest, least, optimizer, store, other, step, training, inference, network, device];
        foreach (IDisposable each in all) each.Dispose();
    }
}

using BenchmarkDotNet.Attributes;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Bench.Benchmarks;

/// <summary>
/// What the engine's use of ILGPU's CPU accelerator is worth: the gate product of one step, written as one writes an ILGPU kernel first - a
/// thread an output, on the accelerator as ILGPU makes it - beside a whole step of the engine, the cell's equations included.
/// </summary>
public class BaselineBenchmarks
{
    const int Sequences = 64, InputSize = 128, Hidden = 256, Outputs = 4 * Hidden, Inner = InputSize + Hidden;
    Context context = null!;
    Accelerator accelerator = null!;
    MemoryBuffer1D<float, Stride1D.Dense> input = null!, weights = null!, output = null!;
    Action<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>> product = null!;
    Engine onDefault = null!, onOwn = null!;

    /// <summary>Makes both.</summary>
    [GlobalSetup]
    public void Setup()
    {
        context = Context.Create(builder => builder.CPU());
        accelerator = context.CreateCPUAccelerator(0);
        input = accelerator.Allocate1D(MachineDevices.Numbers(Sequences * Inner));
        weights = accelerator.Allocate1D(MachineDevices.Numbers(Outputs * Inner));
        output = accelerator.Allocate1D<float>(Sequences * Outputs);
        product = accelerator.LoadAutoGroupedStreamKernel<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>>(Product);
        (onDefault, onOwn) = (new(Device.From(accelerator)), new(Device.Open("cpu")));
    }

    static void Product(Index2D at, ArrayView<float> input, ArrayView<float> weights, ArrayView<float> output)
    {
        float sum = 0;
        for (int k = 0; k < Inner; k++) sum += input[at.X * Inner + k] * weights[at.Y * Inner + k];
        output[at.X * Outputs + at.Y] = sum;
    }

    /// <summary>[64, 384] times [384, 1024], a thread an output, on ILGPU's default CPU accelerator.</summary>
    [Benchmark(Baseline = true)]
    public void ThreadAnOutput()
    {
        product(new(Sequences, Outputs), input.View, weights.View, output.View);
        accelerator.Synchronize();
    }

    /// <summary>The engine's step on that accelerator: its threads are not tied to cores, and their number is ILGPU's.</summary>
    [Benchmark]
    public void EngineOnDefaultAccelerator() => onDefault.Step();

    /// <summary>The engine's step on its own CPU device.</summary>
    [Benchmark]
    public void EngineOnItsDevice() => onOwn.Step();

    /// <summary>Frees all of it.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable each in new IDisposable[] { onOwn, onDefault, input, weights, output, accelerator, context }) each.Dispose();
    }

    /// <summary>One step of an LSTM whose gate product has that size.</summary>
    sealed class Engine : IDisposable
    {
        readonly Device device;
        readonly Recurrent<float> network;
        readonly Pass<float> pass;

        public Engine(Device device)
        {
            this.device = device;
            network = new(device, Cell.Lstm, InputSize, Hidden);
            network.Initialize(1);
            pass = network.Plan(1, Sequences);
            pass.Forward(MachineDevices.Numbers(Sequences * InputSize), []);
        }

        public void Step()
        {
            pass.Forward();
            device.Synchronize();
        }

        public void Dispose()
        {
            pass.Dispose();
            network.Dispose();
            device.Dispose();
        }
    }
}

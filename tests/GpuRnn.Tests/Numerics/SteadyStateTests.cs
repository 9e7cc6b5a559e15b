using GpuRnn.Kernels.Recurrent;
using GpuRnn.Layers;
using GpuRnn.Memory;
using GpuRnn.State;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Tests.Numerics;

/// <summary>
/// Steady-state steps make no device memory and no managed memory; on an accelerator of the program's, ILGPU's own object a launch.
/// </summary>
[NonParallelizable]
public class SteadyStateTests
{
    /// <summary>Bytes of ILGPU's own object for a launch of a pass: measured on a kernel that does nothing.</summary>
    static long Launch(Device device)
    {
        var kernel = device.Accelerator.LoadKernel<InHost<float>>(Nothing);
        return Measure(() => kernel(device.Stream, new(1, 1), default));
    }

    static void Nothing<T>(T a) where T : struct { }

    static long Measure(Action action)
    {
        for (int i = 0; i < 100; i++) action(); // past the JIT's tiers
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Test]
    public void AnInferenceStepAllocatesNothingOfItsOwn()
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = new(device, Cell.Lstm, 8, 32, new() { Layers = 2, Directions = Directions.Concatenated });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(5, 4);
        float[] x = new float[5 * 4 * 8], y = new float[5 * 4 * 64];
        Hold(() => pass.Forward(x, y));
    }

    [Test]
    public void OnAnAcceleratorOfTheProgramALaunchLeavesWhatIlgpuLeaves()
    {
        using Context context = Context.Create(b => b.CPU());
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0);
        using Device device = Device.From(accelerator);
        using Recurrent<float> network = new(device, Cell.Lstm, 8, 32, new() { Layers = 2, Directions = Directions.Concatenated });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(5, 4);
        float[] x = new float[5 * 4 * 8], y = new float[5 * 4 * 64];
        Hold(() => pass.Forward(x, y), 4 * Launch(device));
    }

    [Test]
    public void ATrainingStepAllocatesNothingOfItsOwn()
    {
        Device device = TestDevices.Get("cpu");
        using Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.Lstm, 8, 32, new() { IndexInput = true });
        using Dense<float> head = new(parameters, 32, 8);
        network.Initialize(1);
        head.Initialize(1);
        using Pass<float> pass = network.Plan(5, 4, new() { Training = true });
        using DensePass<float> loss = head.Plan(pass, Loss.SoftmaxCrossEntropy);
        using Adam<float> adam = new(parameters, clip: new() { Norm = 1 });
        int[] x = new int[20];
        int[] lengths = [5, 3, 4, 1];
        Hold(() =>
        {
            pass.SetLengths(5, lengths);
            pass.Forward(x, []);
            loss.SetClasses(x);
            loss.Forward(gradient: true);
            loss.Backward();
            pass.Backward();
            adam.Step();
            loss.ReadLoss();
        });
    }

    [Test]
    public void AStepOfLiveStatesAllocatesNothingOfItsOwn()
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = new(device, Cell.Gru, 8, 32);
        network.Initialize(1);
        using StateStore<float, int> store = new(network, 100);
        for (int i = 0; i < 100; i++) store.Open(i);
        using Pass<float> pass = network.Plan(2, 3);
        int[][] ready = [[5, 99, 3], [7, 8], [1, 2, 3]];
        float[] x = new float[2 * 3 * 8], y = new float[2 * 3 * 32];
        int n = 0;
        Hold(() =>
        {
            int[] keys = ready[n++ % 3];
            store.Bind(pass, keys, 2);
            pass.Forward(x.AsSpan(0, 2 * keys.Length * 8), y.AsSpan(0, 2 * keys.Length * 32));
        });
    }

    static void Hold(Action step, long launches = 0)
    {
        long made, bytes = Measure(step);
        made = DeviceArray<float>.Made + DeviceArray<int>.Made;
        for (int i = 0; i < 20; i++) step();
        Assert.That(DeviceArray<float>.Made + DeviceArray<int>.Made, Is.EqualTo(made), "device arrays");
        Assert.That(bytes, Is.EqualTo(launches), "managed bytes");
    }
}

using GpuRnn.Kernels.Sequence;
using GpuRnn.Layers;
using GpuRnn.Memory;
using GpuRnn.State;
using GpuRnn.Tests.Devices;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Tests.Numerics;

/// <summary>Steady-state steps make no device memory, and no managed memory but ILGPU's own task object a launch.</summary>
[NonParallelizable]
public class SteadyStateTests
{
    /// <summary>Bytes of the CPU accelerator's own object for a launch, which holds the arguments: measured on a kernel that does nothing.</summary>
    static long Launch<T>(Device device) where T : struct
    {
        var kernel = device.Accelerator.LoadKernel<T>(Nothing);
        return Measure(() => kernel(device.Stream, new(1, 1), default));
    }

    static void Nothing<T>(T a) where T : struct { }

    static long Pass(Device device) => Launch<SequenceArguments<float>>(device);

    static long Output(Device device) => Launch<Kernels.Output.OutputArguments<float>>(device);

    /// <summary>Two launches of the norm, and the update.</summary>
    static long Step(Device device)
    {
        var partial = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, int>(Nothing);
        var clip = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, float>(Nothing);
        var update = device.Accelerator.LoadKernel<Kernels.Training.AdamRule<float, Kernels.Lanes.ScalarSingle>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(Nothing);
        return Measure(() =>
        {
            partial(device.Stream, new(1, 1), default, default, 0);
            clip(device.Stream, new(1, 1), default, default, 0);
            update(device.Stream, new(1, 1), default, default, default, default, default, default);
        });
    }

    static void Nothing<A, B, C>(A a, B b, C c) where A : struct where B : struct where C : struct { }

    static void Nothing<A, B, C, D, E, F>(A a, B b, C c, D d, E e, F f) where A : struct where B : struct where C : struct where D : struct where E : struct where F : struct { }

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
        Hold(device, 4 * Pass(device), () => pass.Forward(x, y));
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
        // pack, forward and backward of network and head, and the optimizer's three
        Hold(device, 3 * Pass(device) + 3 * Output(device) + Step(device), () =>
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
        Hold(device, Pass(device), () =>
        {
            int[] keys = ready[n++ % 3];
            store.Bind(pass, keys, 2);
            pass.Forward(x.AsSpan(0, 2 * keys.Length * 8), y.AsSpan(0, 2 * keys.Length * 32));
        });
    }

    static void Hold(Device device, long launches, Action step)
    {
        long made, bytes = Measure(step);
        made = DeviceArray<float>.Made + DeviceArray<int>.Made;
        for (int i = 0; i < 20; i++) step();
        Assert.That(DeviceArray<float>.Made + DeviceArray<int>.Made, Is.EqualTo(made), "device arrays");
        Assert.That(bytes, Is.EqualTo(launches), "managed bytes");
    }
}

public class LifetimeTests
{
    [Test]
    public void DisposedThingsAreRefused()
    {
        Device device = TestDevices.Get("cpu");
        Recurrent<float> network = new(device, Cell.Lstm, 2, 3);
        Pass<float> pass = network.Plan(2, 2, new() { Training = true });
        pass.Forward(new float[8], []);
        pass.Dispose();
        pass.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pass.Forward(new float[8], []));
        Assert.Throws<ObjectDisposedException>(() => pass.Backward());
        Assert.Throws<ObjectDisposedException>(() => pass.SetShape(1, 1));
        using Pass<float> other = network.Plan(2, 2);
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Forward(new float[8], []));
        Assert.Throws<ObjectDisposedException>(() => network.Plan(1, 1));
        Assert.Throws<ObjectDisposedException>(() => network.Parameters.Get("weight_ih_l0"));
    }

    /// <summary>Two threads on one network: each call is either right or refused, and none corrupts the other.</summary>
    [Test]
    public void TwoThreadsAreRefusedNotCorrupted()
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = new(device, Cell.Lstm, 16, 64);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(20, 8);
        float[] x = Numbers.To<float>(Numbers.Random(20 * 8 * 16, 1)), expected = new float[20 * 8 * 64];
        pass.Forward(x, expected);
        int refused = 0, right = 0;
        Parallel.For(0, 4, _ =>
        {
            float[] y = new float[expected.Length];
            for (int i = 0; i < 200; i++)
                try
                {
                    pass.Forward(x, y);
                    if (!y.AsSpan().SequenceEqual(expected)) throw new AssertionException("corrupt");
                    Interlocked.Increment(ref right);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
        });
        Assert.That(right, Is.GreaterThan(0));
        Assert.That(right + refused, Is.EqualTo(800));
    }

    [Test]
    public void OrderMattersAndIsChecked()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, 2, 3);
        using Pass<float> inference = network.Plan(2, 2), training = network.Plan(2, 2, new() { Training = true });
        Assert.Throws<InvalidOperationException>(() => training.Backward());
        inference.Forward(new float[8], []);
        Assert.Throws<InvalidOperationException>(() => inference.Backward());
        Assert.That(() => training.SetInitialStates(new float[6], new float[6]), Throws.TypeOf<GpuRnnException>().With.Message.Contains("no c"));
        Assert.That(() => network.Parameters.Declare("late", 1), Throws.TypeOf<GpuRnnException>());
        Assert.That(() => network.Parameters.Set("weight_ih_l0", new float[1]), Throws.TypeOf<GpuRnnException>().With.Message.Contains("18"));
        Assert.That(() => network.Plan(0, 1), Throws.TypeOf<GpuRnnException>());
        Assert.That(() => new Recurrent<float>(TestDevices.Get("cpu"), Cell.Lstm, 0, 1), Throws.TypeOf<GpuRnnException>());
        Assert.That(() => new Recurrent<int>(TestDevices.Get("cpu"), Cell.Lstm, 1, 1), Throws.TypeOf<GpuRnnException>());
    }
}

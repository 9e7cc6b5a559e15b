using GpuRnn.Devices;
using GpuRnn.Kernels.Workers;
using GpuRnn.Layers;
using GpuRnn.Tests.Numerics;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Tests.Devices;

/// <summary>Workers take denormal numbers for zero; threads of others are as they were afterwards.</summary>
public class DenormalTests
{
    const float Denormal = 1e-39f;

    static void Multiply(ArrayView<float> numbers, float by) => numbers[Group.IdxX] *= by;

    /// <summary>What each thread of a group makes of 1e-20 times 1e-20.</summary>
    static float[] Products(CPUAccelerator accelerator, int threads)
    {
        using var numbers = accelerator.Allocate1D([.. Enumerable.Repeat(1e-20f, threads)]);
        accelerator.LoadKernel<ArrayView<float>, float>(Multiply)(accelerator.DefaultStream, new(1, threads), numbers.View, 1e-20f);
        accelerator.Synchronize();
        return numbers.GetAsArray1D();
    }

    [Test]
    public void EveryWorkerFlushesAndTheProgramsThreadOnlyMeanwhile([Values(1, 2, 5)] int workers)
    {
        if (Denormals.Flush() is var before && before < 0) Assert.Ignore("This system has no way to.");
        Denormals.PutBack(before);
        using Device device = Device.Open($"cpu:{workers}");
        float[] products = new float[workers];
        DeviceKernel<long> kernel = device.Backend.Kernel<long>(small => products[CpuWorkers.Index()] = Square(small));
        long bits = BitConverter.SingleToInt32Bits(1e-20f);
        for (int i = 0; i < 3; i++)
        {
            Array.Fill(products, 1);
            kernel.Launch(new(1, workers), bits);
            Assert.That(products, Is.All.Zero);
            Assert.That(Square(bits), Is.EqualTo(1e-20f * 1e-20f).And.Not.Zero, "on the program's thread");
        }
    }

    static float Square(long bits) => BitConverter.Int32BitsToSingle((int)bits) * BitConverter.Int32BitsToSingle((int)bits);

    [TestCase(CPUAcceleratorMode.Parallel), TestCase(CPUAcceleratorMode.Sequential)]
    public void ThreadsOfOthersArePutBack(CPUAcceleratorMode mode)
    {
        using Context context = Context.Create(b => b.CPU());
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0, mode);
        float[] before = Products(accelerator, 4);
        Assert.That(before, Is.All.EqualTo(1e-20f * 1e-20f).And.All.Not.Zero);
        using (Device device = Device.From(accelerator)) Assert.That(Products(accelerator, 4), Is.All.Zero);
        Assert.That(Products(accelerator, 4), Is.EqualTo(before));
    }

    /// <summary>Two devices on one accelerator: the threads flush until both are disposed.</summary>
    [Test]
    public void TheLastDevicePutsThreadsBack()
    {
        using Context context = Context.Create(b => b.CPU());
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0);
        float[] before = Products(accelerator, 4);
        Device first = Device.From(accelerator), second = Device.From(accelerator);
        first.Dispose();
        Assert.That(Products(accelerator, 4), Is.All.Zero);
        second.Dispose();
        Assert.That(Products(accelerator, 4), Is.EqualTo(before).And.All.Not.Zero);
    }

    [Test]
    public void AThreadIsPutBackAsItWas()
    {
        float denormal = Denormal;
        Assert.That(denormal * Volatile.Read(ref denormal) + denormal, Is.Not.Zero);
        long before = Denormals.Flush(), again = Denormals.Flush();
        float flushed = Volatile.Read(ref denormal) * 0.5f;
        Denormals.PutBack(again); // still flushing
        float still = Volatile.Read(ref denormal) * 0.5f;
        Denormals.PutBack(before);
        float kept = Volatile.Read(ref denormal) * 0.5f;
        if (before < 0) Assert.Ignore("This system has no way to.");
        Assert.That((flushed, still), Is.EqualTo((0f, 0f)));
        Assert.That(kept, Is.Not.Zero);
    }

    /// <summary>Launches inside a pass leave the thread as the pass needs it; behind the pass, or what it threw, it is as before.</summary>
    [Test]
    public void OnlyTheOutermostScopePutsBack()
    {
        if (Denormals.Flush() is var before && before < 0) Assert.Ignore("This system has no way to.");
        Denormals.PutBack(before);
        long bits = BitConverter.SingleToInt32Bits(1e-20f);
        using Device device = Device.Open("cpu:2");
        DeviceKernel<long> kernel = device.Backend.Kernel<long>(_ => { }), failing = device.Backend.Kernel<long>(
            _ => throw new InvalidOperationException());
        using (device.Backend.Several())
        {
            kernel.Launch(new(1, 2), bits);
            Assert.That(Square(bits), Is.Zero);
            Assert.That(() => failing.Launch(new(1, 2), bits), Throws.InvalidOperationException);
            Assert.That(Square(bits), Is.Zero);
        }
        Assert.That(Square(bits), Is.Not.Zero);
        using Recurrent<float> network = new(device, Cell.Gru, 3, 5, new() { Layers = 3 });
        using Pass<float> pass = network.Plan(2, 2, new() { Training = true });
        pass.Forward(new float[2 * 2 * 3]);
        pass.Backward(new float[2 * 2 * 5]);
        Assert.That(Square(bits), Is.Not.Zero);
    }

    /// <summary>
    /// exp, sigmoid and tanh keep their bounds on a thread that flushes: the runtime's own conversion from float to int does not, where it
    /// saturates.
    /// </summary>
    [Test]
    public void TheFunctionsAreAsGoodOnAThreadThatFlushes()
    {
        long before = Denormals.Flush();
        try
        {
            LaneTests lanes = new();
            lanes.Scalars();
            lanes.Wide128();
            lanes.Wide256();
            lanes.Wide512();
            lanes.FourVectors();
        }
        finally
        {
            Denormals.PutBack(before);
        }
    }

    /// <summary>Many-to-one over many steps: the gradient dies away through denormal numbers, of which none is left.</summary>
    [TestCase("lstm"), TestCase("gru"), TestCase("rnn_tanh")]
    public void VanishedGradientsAreZero(string cell)
    {
        const int T = 400, B = 2, I = 3, H = 16;
        using Device device = Device.Open("cpu:1");
        using Recurrent<float> network = new(device, Cell.Named(cell), I, H);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        float[] dy = new float[T * B * H], dx = new float[T * B * I];
        Numbers.To<float>(Numbers.Random(B * H, 1)).CopyTo(dy, (T - 1) * B * H);
        pass.Forward(Numbers.To<float>(Numbers.Random(T * B * I, 2)), []);
        pass.Backward(dy);
        pass.GetInputGradient(dx);
        Assert.That(dx.Any(float.IsSubnormal), Is.False);
        Assert.That(dx[..30], Is.All.Zero, "long vanished");
        Assert.That(dx[^30..], Has.None.Zero);
    }

    /// <summary>Moments of weights without gradient decay to zero, not to where arithmetic is slow.</summary>
    [Test]
    public void MomentsDecayToZero()
    {
        using Device device = Device.Open("cpu:1");
        using Parameters<float> parameters = new(device);
        Parameter p = parameters.Declare("w", 64);
        using Adam<float> adam = new(parameters);
        DeviceFill(device, parameters.GradientOf(p), 1e-3f);
        adam.Step();
        DeviceFill(device, parameters.GradientOf(p), 0);
        for (int i = 0; i < 2000; i++) adam.Step();
        Assert.That(adam.ReadStates().SelectMany(s => s).Any(float.IsSubnormal), Is.False);
        Assert.That(adam.ReadStates()[0], Is.All.Zero);
    }

    static void DeviceFill(Device device, ArrayView<float> view, float value) =>
        GpuRnn.Memory.DeviceCopy.Upload<float>(device, Enumerable.Repeat(value, (int)view.Length).ToArray(), view);

    /// <summary>Workers of an accelerator that runs threads in turn would wait for one that never starts: there is one there.</summary>
    [Test, CancelAfter(30_000)]
    public void ASequentialAcceleratorHasOneWorker()
    {
        using Context context = Context.Create(b => b.CPU());
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0, CPUAcceleratorMode.Sequential);
        using Device device = Device.From(accelerator);
        Assert.That(device.Workers, Is.EqualTo(1));
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
            NetworkTests.Compare<float>(device, new("lstm", 4, 3, 5, 40, 2, Strategy: strategy), 1e-5, 3e-5);
    }

    [Test]
    public void AStreamOfAnotherAcceleratorIsRefused()
    {
        using Context context = Context.Create(b => b.CPU());
        using CPUAccelerator one = context.CreateCPUAccelerator(0), other = context.CreateCPUAccelerator(0);
        using AcceleratorStream stream = other.CreateStream();
        Assert.That(() => Device.From(one, stream), Throws.TypeOf<BadArgumentException>());
    }
}

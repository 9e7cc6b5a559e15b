using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.Tests.Devices;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime.CPU;
using Microsoft.Extensions.Logging;

namespace GpuRnn.Tests.Contracts;

/// <summary>What is told is what happened, and costs nothing where nobody listens.</summary>
[NonParallelizable]
public class TelemetryTests
{
    const int T = 4, B = 3, I = 2, H = 5;

    /// <summary>Listens to the meter from this thread; sums by instrument and tag.</summary>
    sealed class Heard : IDisposable
    {
        readonly MeterListener listener = new();
        readonly int thread = Environment.CurrentManagedThreadId;
        public long Launches, Up, Down, Forward, Backward;
        public int Waits, Compiles;

        public Heard()
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == Telemetry.Name) l.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (Environment.CurrentManagedThreadId != thread) return;
                object? tag = tags.Length > 0 ? tags[0].Value : null;
                if (instrument.Name == "gpurnn.launches") Launches += value;
                else if (instrument.Name == "gpurnn.bytes" && tag is "upload") Up += value;
                else if (instrument.Name == "gpurnn.bytes" && tag is "download") Down += value;
                else if (instrument.Name == "gpurnn.steps" && tag is "forward") Forward += value;
                else if (instrument.Name == "gpurnn.steps" && tag is "backward") Backward += value;
                else Assert.Fail($"{instrument.Name} {tag}");
            });
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            {
                if (Environment.CurrentManagedThreadId != thread) return;
                if (!(value >= 0)) Assert.Fail($"{instrument.Name} {value}");
                if (instrument.Name == "gpurnn.wait") Waits++;
                else if (instrument.Name == "gpurnn.compile") Compiles++;
            });
            listener.Start();
        }

        public void Dispose() => listener.Dispose();
    }

    [Test]
    public void TheMeterCountsWhatWasDone()
    {
        using Context context = Context.Create(b => b.CPU()); // whose kernels ILGPU compiles; those of Device.Open only .NET
        using CPUAccelerator accelerator = context.CreateCPUAccelerator(0);
        using Device device = Device.From(accelerator);
        using Recurrent<float> network = new(device, Cell.Lstm, I, H, new() { Layers = 2 });
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        pass.SetLengths(T, [4, 1, 2]);
        float[] x = new float[T * B * I], y = new float[T * B * H];
        using (Heard first = new())
        {
            pass.Forward(x, y);
            Assert.That(first.Compiles, Is.EqualTo(4), "pack and forward of two layers");
        }
        using Heard heard = new();
        pass.Forward(x, y);
        Assert.That(heard.Launches, Is.EqualTo(2), "a launch a layer");
        Assert.That((heard.Up, heard.Down), Is.EqualTo((4L * x.Length, 4L * y.Length)));
        Assert.That((heard.Forward, heard.Backward), Is.EqualTo((7L, 0L)), "4 + 1 + 2 living steps");
        Assert.That(heard.Waits, Is.GreaterThan(0));
        Assert.That(heard.Compiles, Is.Zero, "a kernel is compiled once");
        pass.Backward(y);
        Assert.That((heard.Forward, heard.Backward), Is.EqualTo((7L, 7L)));
        Assert.That(heard.Launches, Is.EqualTo(4));
    }

    [Test]
    public void ActivitiesAreCallsInTheirOrder()
    {
        ConcurrentQueue<string> heard = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a => heard.Enqueue(a.GetTagItem("steps") is int steps ? $"{a.OperationName} {steps}" : a.OperationName),
        };
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, I, H);
        using Dense<float> layer = new(network.Parameters, H, 1);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        using DensePass<float> head = layer.Plan(pass, Loss.MeanSquaredError);
        using Adam<float> adam = new(network.Parameters);
        void Step()
        {
            pass.Forward(new float[T * B * I], []);
            head.SetTargets(new float[T * B]);
            head.Forward(gradient: true);
            head.Backward();
            pass.Backward();
            adam.Step();
        }
        Step(); // compiles
        using (Activity root = new Activity("root").Start())
        {
            ActivitySource.AddActivityListener(listener);
            Step();
        }
        string[] calls = ["forward 12", "dense forward", "dense backward", "backward 12", "optimizer step"];
        Assert.That(heard.Where(h => h != "compile"), Is.EqualTo(calls));
    }

    /// <summary>Bytes of a step: none more with a listener to the meter than without, nor after one than before.</summary>
    [Test]
    public void CountingAllocatesNothing()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, I, H);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        float[] x = new float[T * B * I], y = new float[T * B * H];
        long Bytes()
        {
            for (int i = 0; i < 100; i++) Step();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Step();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        void Step()
        {
            pass.Forward(x, y);
            pass.Backward(y);
        }
        long without = Bytes(), with;
        using (Heard heard = new())
        {
            with = Bytes();
            Assert.That(heard.Launches, Is.GreaterThan(200));
        }
        Assert.That(with, Is.EqualTo(without));
        Assert.That(Bytes(), Is.EqualTo(without));
    }

    sealed class Lines : ILogger
    {
        public readonly List<(LogLevel Level, int Id, string Text)> All = [];
        public LogLevel Least { get; init; } = LogLevel.Trace;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel level) => level >= Least;
        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? e, Func<TState, Exception?, string> format) =>
            All.Add((level, id.Id, format(state, e)));
    }

    [Test]
    public void TheLogSaysWhatADeviceDoes()
    {
        Lines lines = new(), few = new() { Least = LogLevel.Information };
        using (Device device = Device.Open("cpu:1", new() { Logger = lines }))
        {
            using Recurrent<float> network = new(device, Cell.Gru, I, H, new() { Layers = 2 });
            using Pass<float> pass = network.Plan(T, B, new() { Training = true });
            pass.Forward(new float[T * B * I], []);
            pass.Backward([.. Enumerable.Repeat(float.NaN, T * B * H)]);
            using Sgd<float> sgd = new(network.Parameters, 0.1, clip: new() { NonFinite = NonFinite.Skip });
            sgd.Step();
            Assert.That(lines.All[0].Text, Does.Match(@"^Opened CPU, 1 worker, \d+-bit vectors in \d+ ms$"));
            Assert.That(lines.All.Where(l => l.Id == 5).Select(l => l.Text), Is.EqualTo(pass.Explain().Select(e => $"Planned {e}")));
            Assert.That(lines.All[^1], Is.EqualTo((LogLevel.Warning, 6, "Left out step 1: the norm of its gradient is NaN")));
        }
        using (Context context = Context.Create(b => b.CPU()))
        using (CPUAccelerator accelerator = context.CreateCPUAccelerator(0))
        using (Device device = Device.From(accelerator, null, lines))
        {
            using Recurrent<float> network = new(device, Cell.Gru, I, H);
            using Pass<float> pass = network.Plan(T, B);
            pass.Forward(new float[T * B * I], []);
            Assert.That(lines.All.Where(l => l.Id == 4).Select(l => l.Text), Has.Some.Contains("SequenceKernels.Forward"));
        }
        using (Device device = Device.Open("cpu:1", new() { Logger = few }))
        {
            using Recurrent<float> network = new(device, Cell.Gru, I, H);
            using Pass<float> pass = network.Plan(T, B);
            pass.Forward(new float[T * B * I], []);
        }
        Assert.That(few.All.Select(l => l.Id), Is.EqualTo(new[] { 1 }));
    }
}

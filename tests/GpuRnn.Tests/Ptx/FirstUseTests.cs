using System.Reflection;
using System.Text.RegularExpressions;
using GpuRnn.Backends.Clusters;
using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent.Clusters;
using GpuRnn.Layers;
using GpuRnn.Ptx.Engine;
using GpuRnn.Tests.Numerics;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Ptx;

/// <summary>Kernels of clusters that are wrong, or that wait for what never comes: seen at the first use, or said when they run.</summary>
public class FirstUseTests
{
    static Case Layer(string cell = "lstm") => new(cell, 5, 4, 6, 40, Lengths: [5, 2, 0, 4]);

    static void IsRight(Device device, Case c)
    {
        Outcome<float> got = Outcome<float>.Of(device, c, out ReferenceResult expected);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Numbers.Error(got.Y, expected.Y), Is.LessThan(1e-5));
            Assert.That(Numbers.Error(got.Dx, expected.Dx), Is.LessThan(1e-5));
        }
    }

    /// <summary>Changes the text of one of the kernels.</summary>
    static Func<MethodInfo, string, string> In(string kernel, string what, string instead) => (method, text) =>
    {
        if (method.Name != kernel) return text;
        Assert.That(text, Does.Match(what));
        return Regex.Replace(text, what, instead);
    };

    // more bytes than are sent
    const string Expected = @"(mbarrier\.arrive\.expect_tx[^;]*,)[^;]*;", More = "$1 65536;";

    static bool Ran(PtxGpu gpu, string kernel) => gpu.Kernels.Keys.Any(m => m.Name == kernel);

    [TestCase("lstm"), TestCase("gru"), TestCase("rnn_tanh")]
    public void WhatIsRightIsUsed(string cell)
    {
        using PtxGpu gpu = new() { ChecksFirstUse = true };
        IsRight(gpu.Device, Layer(cell));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gpu.Device.Diagnostics, Is.Empty);
            Assert.That(Ran(gpu, nameof(ClusterKernels.ForwardSteps)));
            Assert.That(Ran(gpu, nameof(ClusterKernels.BackwardSteps)));
            Assert.That(Strategies(gpu.Device), Is.All.EqualTo(Strategy.Clusters));
        }
    }

    static IEnumerable<Strategy> Strategies(Device device)
    {
        using Recurrent<float> network = new(device, Cell.Lstm, 6, 40);
        using Pass<float> inference = network.Plan(5, 4), training = network.Plan(5, 4, new() { Training = true });
        return [inference.Strategy, training.Strategy];
    }

    /// <summary>Numbers that are off, and a wait for messages that never come: the portable kernels run, and the device says so.</summary>
    [TestCase(nameof(ClusterKernels.ForwardSteps), "min\\.NaN\\.f32", "max.NaN.f32")]
    [TestCase(nameof(ClusterKernels.BackwardSteps), Expected, More)]
    public void WhatIsWrongIsNotUsed(string kernel, string what, string instead)
    {
        using PtxGpu gpu = new()
        {
            ChecksFirstUse = true, Edit = In(kernel, what, instead), InstructionTime = 10_000, SeesRaces = false,
        };
        IsRight(gpu.Device, Layer());
        Assert.That(gpu.Device.Diagnostics, Has.Some.StartsWith("lstm, ").And.Some.Contains("the portable kernels run instead"));
        Assert.That(Strategies(gpu.Device), Has.Some.Not.EqualTo(Strategy.Clusters));
    }

    /// <summary>A wait ends, the host is told who waited, and the device goes on without clusters.</summary>
    [TestCase(nameof(ClusterKernels.ForwardSteps), "forward"), TestCase(nameof(ClusterKernels.BackwardSteps), "backward")]
    public void WaitsEnd(string kernel, string direction)
    {
        using PtxGpu gpu = new() { Edit = In(kernel, Expected, More), InstructionTime = 10_000, SeesRaces = false };
        DeviceFaultException? fault = Assert.Throws<DeviceFaultException>(() => IsRight(gpu.Device, Layer()));
        Assert.That(fault!.Message, Does.Match($"block \\d+ of the steps {direction} waited two seconds .* for step [1-5]"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(gpu.Device.Diagnostics, Has.Count.EqualTo(1));
            Assert.That(Strategies(gpu.Device), Has.None.EqualTo(Strategy.Clusters));
        }
        IsRight(gpu.Device, Layer());
    }

    [Test]
    public void WhatWasComparedIsKept()
    {
        string path = Path.Combine(Path.GetTempPath(), $"gpurnn-{Guid.NewGuid()}.txt");
        try
        {
            Trust first = new(path, "a driver");
            foreach (string key in new[] { "right", "wrong", "late" }) first.Begin(key, $"kernels of {key}");
            first.Judge("right", null, keep: true);
            first.Judge("wrong", "y differs", keep: true);
            first.Judge("late", "it took too long", keep: false);
            Trust second = new(path, "a driver"), other = new(path, "another driver");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(new[] { "right", "wrong", "late" }.Select(second.Knows), Is.EqualTo(new[] { true, true, false }));
                Assert.That(new[] { "right", "wrong", "late" }.Select(second.Refuses), Is.EqualTo(new[] { false, true, false }));
                Assert.That(second.Lines, Is.EqualTo(first.Lines.Take(1)));
                Assert.That(other.Knows("right"), Is.False);
                Assert.That(other.Lines, Is.Empty);
            }
            File.WriteAllBytes(path, [0xFF, 0xFE, 9, 9, 9]);
            Assert.That(new Trust(path, "a driver").Lines, Is.Empty);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

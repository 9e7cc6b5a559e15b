using GpuRnn.Layers;
using GpuRnn.State;
using GpuRnn.Tests.Reference;
using ILGPU.Runtime;
using static GpuRnn.Tests.Contracts.SmallNetwork;

namespace GpuRnn.Tests.Contracts;

/// <summary>
/// From a forward pass to its backward pass: whatever a program calls in between, the gradient is that of the forward pass, or the call is
/// refused and says why. A refused call changes nothing.
/// </summary>
public class RunTests
{
    static readonly Dictionary<string, Action<SmallNetwork>> s_harmless = new()
    {
        ["CarryStates"] = n => n.Pass.CarryStates(),
        ["SetInitialStates"] = n => n.Pass.SetInitialStates(n.H0(9), n.C0(9)),
        ["ClearInitialStates"] = n => n.Pass.ClearInitialStates(),
        ["writing InitialH"] = n =>
        {
            n.Pass.InitialH.MemSetToZero(n.Network.Device.Stream);
            n.Pass.UseInitialStates();
        },
        ["DropoutStep"] = n => n.Pass.DropoutStep = 77,
        ["UseInput of a view"] = n => n.Pass.UseInput(n.Pass.OutputGradient.SubView(0, n.Pass.Input.Length)),
        ["UseInput of a source"] = n =>
        {
            InputRows<double> rows = new(n.Pass, I);
            rows.Set(n.X(9));
            n.Pass.UseInput(rows);
        },
        ["a forward pass with y too short"] = n => Refused(() => n.Pass.Forward(n.X(9), new double[5])),
        ["a forward pass with x too long"] = n => Refused(() => n.Pass.Forward(new double[1000], [])),
        ["a forward pass of indices"] = n => Refused(() => n.Pass.Forward(new int[T * B], [])),
        ["a shape too large"] = n => Refused(() => n.Pass.SetShape(T + 1, B)),
        ["lengths too long"] = n => Refused(() => n.Pass.SetLengths(T, [1, 2, T + 1])),
        ["states too short"] = n => Refused(() => n.Pass.SetInitialStates(new double[1])),
        ["a backward pass with dy too short"] = n => Refused(() => n.Pass.Backward(new double[1], n.H0(7))),
        ["a backward pass with dhn too short"] = n => Refused(() => n.Pass.Backward(n.Dy(8), new double[1])),
        ["a short view"] = n => Refused(() => n.Pass.UseInput(n.Pass.Input.SubView(0, 3))),
        ["weights of the wrong size"] = n => Refused(() => n.Network.Parameters.Set("weight_hh_l0", [1.0])),
    };

    static void Refused(Action action) => Assert.Throws<BadArgumentException>(() => action());

    static IEnumerable<TestCaseData> Harmless() =>
        from device in TestDevices.Ids
        from cell in device == "cpu" ? new[] { "lstm", "gru", "rnn_tanh", "relevance_lstm" } : ["lstm"]
        from what in s_harmless.Keys
        select new TestCaseData(device, cell, what);

    [TestCaseSource(nameof(Harmless)), Category("Device")]
    public void TheGradientIsThatOfTheForwardPass(string device, string cell, string what)
    {
        using SmallNetwork n = new(device, cell, layers: 2);
        ReferenceResult right = n.Right(n.X(1), n.Dy(1), n.H0(1), n.C0(1));
        n.Pass.SetInitialStates(n.H0(1), n.C0(1));
        n.Pass.Forward(n.X(1), []);
        s_harmless[what](n);
        n.Pass.Backward(n.Dy(1));
        n.AssertGradients(right);
        double[] dh0 = new double[n.States];
        n.Pass.GetInitialStateGradients(dh0);
        AssertSame(dh0, right.Dh0);
    }

    static readonly Dictionary<string, Action<SmallNetwork>> s_ending = new()
    {
        ["new weights"] = n => n.Network.Parameters.Set("weight_hh_l0", n.Network.Parameters.Get("weight_hh_l0")),
        ["weights written on the device"] = n => n.Network.Parameters.Changed(),
        ["new weights and another pass"] = n =>
        {
            n.Network.Parameters.Set("weight_hh_l0", new double[4 * H * H]);
            using Pass<double> other = n.Network.Plan(T, B);
            other.Forward(n.X(5), []);
        },
        ["a new shape"] = n => n.Pass.SetShape(T, B),
        ["new lengths"] = n => n.Pass.SetLengths(T, [T, 1, 2]),
        ["a store"] = n =>
        {
            using StateStore<double, int> store = new(n.Network, 1);
            store.Open(1);
            store.Bind(n.Pass, [1], T);
        },
        ["a backward pass"] = n => n.Pass.Backward(n.Dy(1)),
    };

    static IEnumerable<string> Ending() => s_ending.Keys;

    [TestCaseSource(nameof(Ending))]
    public void WhatEndsARunIsSaid(string what)
    {
        using SmallNetwork n = new("cpu");
        n.Pass.Forward(n.X(1), []);
        s_ending[what](n);
        double[][] before = [.. n.Network.Parameters.All.Select(p => n.Network.Parameters.GetGradient(p.Name))];
        Assert.That(() => n.Pass.Backward(), Throws.InvalidOperationException);
        Assert.That(() => n.Pass.Backward(n.Dy(1)), Throws.InvalidOperationException);
        Assert.That(n.Network.Parameters.All.Select(p => n.Network.Parameters.GetGradient(p.Name)), Is.EqualTo(before));
    }

    [Test]
    public void TruncatedBackpropagationMayCarryStatesAtOnce()
    {
        using SmallNetwork n = new("cpu");
        ReferenceResult first = n.Right(n.X(1), n.Dy(1)), second = n.Right(n.X(2), n.Dy(2), first.Hn, first.Cn);
        n.Pass.Forward(n.X(1), []);
        n.Pass.CarryStates();
        n.Pass.Backward(n.Dy(1));
        n.AssertGradients(first);
        double[] y = new double[T * B * H];
        n.Pass.Forward(n.X(2), y);
        n.Pass.CarryStates();
        n.Pass.Backward(n.Dy(2));
        AssertSame(y, second.Y);
        n.AssertGradients(second);
    }

    [Test]
    public void GradientsOfAnotherRunAreNotHandedOut()
    {
        using SmallNetwork n = new("cpu");
        double[] dx = new double[T * B * I], dh0 = new double[n.States];
        n.Pass.Forward(n.X(1), []);
        Assert.That(() => n.Pass.GetInputGradient(dx), Throws.InvalidOperationException, "no backward pass yet");
        n.Pass.Backward(n.Dy(1));
        n.Pass.GetInputGradient(dx);
        AssertSame(dx, n.Right(n.X(1), n.Dy(1)).Dx);
        n.Network.Parameters.Changed(); // an optimizer's step does not take them away
        n.Pass.GetInitialStateGradients(dh0);
        AssertSame(dh0, n.Right(n.X(1), n.Dy(1)).Dh0);
        n.Pass.Forward(n.X(2), []);
        Assert.That(() => n.Pass.GetInputGradient(dx), Throws.InvalidOperationException, "of the first run");
        Assert.That(() => n.Pass.GetInitialStateGradients(dh0), Throws.InvalidOperationException, "of the first run");
        n.Pass.SetShape(T, B);
        Assert.That(() => n.Pass.GetFinalStates(dh0), Throws.InvalidOperationException, "of the first batch");
    }

    [Test]
    public void GradientsThatACellHasNotAreRefused()
    {
        using SmallNetwork n = new("cpu", "gru");
        n.Pass.Forward(n.X(1), []);
        Assert.That(() => n.Pass.Backward(n.Dy(1), n.H0(1), n.H0(2)), Throws.TypeOf<BadArgumentException>().With.Message.Contains("no c"));
        Assert.That(() => n.Pass.GetFinalStates(n.H0(1), n.H0(2)), Throws.TypeOf<BadArgumentException>().With.Message.Contains("no c"));
        n.Pass.Backward(n.Dy(1));
        Assert.That(() => n.Pass.GetInitialStateGradients(n.H0(1), n.H0(2)),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("no c"));
        n.AssertGradients(n.Right(n.X(1), n.Dy(1)));
    }

    /// <summary>A refused forward pass leaves outputs and states as they were.</summary>
    [Test]
    public void ARefusedForwardPassChangesNothing()
    {
        using SmallNetwork n = new("cpu");
        double[] y = new double[T * B * H], hn = new double[n.States], again = new double[n.States];
        n.Pass.Forward(n.X(1), y);
        n.Pass.GetFinalStates(hn);
        Refused(() => n.Pass.Forward(n.X(2), new double[1]));
        n.Pass.GetFinalStates(again);
        Assert.That(again, Is.EqualTo(hn));
        double[] x = new double[T * B * I];
        GpuRnn.Memory.DeviceCopy.Download<double>(n.Network.Device, n.Pass.Input, x);
        Assert.That(x, Is.EqualTo(n.X(1)));
    }

    /// <summary>Masks between layers are of the step that the forward pass was run at, and every pass has masks of its own.</summary>
    [Test]
    public void DropoutStepsGoOnByThemselves()
    {
        PassOptions options = new() { Training = true, Dropout = new() { Rate = 0.5, Seed = 3 } };
        using SmallNetwork n = new("cpu", layers: 2, options: options);
        double[] Y()
        {
            double[] y = new double[T * B * H];
            n.Pass.Forward(n.X(1), y);
            return y;
        }
        n.Pass.DropoutStep = 5;
        double[] fifth = Y(), sixth = Y();
        Assert.That(sixth, Is.Not.EqualTo(fifth));
        n.Pass.DropoutStep = 5;
        Assert.That(Y(), Is.EqualTo(fifth));
        n.Pass.Backward(n.Dy(1));
        double[] gradient = n.Network.Parameters.GetGradient("weight_ih_l1");
        n.Pass.DropoutStep = 5;
        Y();
        n.Pass.DropoutStep = 6;
        n.Pass.Backward(n.Dy(1));
        Assert.That(n.Network.Parameters.GetGradient("weight_ih_l1"), Is.EqualTo(gradient));
    }
}

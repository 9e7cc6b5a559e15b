using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;
using static GpuRnn.Tests.Contracts.SmallNetwork;

namespace GpuRnn.Tests.Contracts;

/// <summary>A pass has one input: the one that was given last, in whatever way, checked where it is used.</summary>
public class InputTests
{
    static MemoryBuffer1D<double, Stride1D.Dense> Bound(SmallNetwork n, double[] x)
    {
        MemoryBuffer1D<double, Stride1D.Dense> buffer = n.Network.Device.Accelerator.Allocate1D<double>(x.Length);
        buffer.CopyFromCPU(x);
        return buffer;
    }

    static double[] Output(SmallNetwork n)
    {
        double[] y = new double[T * B * H];
        GpuRnn.Memory.DeviceCopy.Download<double>(n.Network.Device, n.Pass.Output, y);
        return y;
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void TheInputThatWasGivenLastIsRead(string device)
    {
        using SmallNetwork n = new(device);
        using var bound = Bound(n, n.X(1));
        double[] y = new double[T * B * H], dx = new double[T * B * I];
        n.Pass.UseInput(bound.View.AsContiguous());
        n.Pass.Forward();
        AssertSame(Output(n), n.Right(n.X(1)).Y, "the view");
        n.Pass.Forward(n.X(2), y);
        AssertSame(y, n.Right(n.X(2)).Y, "numbers after the view");
        n.Pass.Forward();
        AssertSame(Output(n), n.Right(n.X(2)).Y, "the same numbers again");
        using InputRows<double> rows = new(n.Pass, I);
        n.Pass.UseInput(rows);
        rows.Set(n.X(3));
        n.Pass.Forward();
        AssertSame(Output(n), n.Right(n.X(3)).Y, "a source after numbers");
        n.Pass.UseInput(bound.View.AsContiguous());
        n.Pass.Forward();
        n.Pass.Backward(n.Dy(1));
        n.Pass.GetInputGradient(dx);
        AssertSame(dx, n.Right(n.X(1), n.Dy(1)).Dx, "the gradient of a view after a source");
        n.AssertGradients(n.Right(n.X(1), n.Dy(1)));
        n.Pass.UseInput(rows);
        n.Pass.Forward(n.X(4), y);
        n.Pass.Backward(n.Dy(1));
        n.Pass.GetInputGradient(dx);
        AssertSame(dx, n.Right(n.X(4), n.Dy(1)).Dx, "the gradient of numbers after a source");
        n.Pass.UseInput(n.Pass.Input);
        n.Pass.Forward();
        AssertSame(Output(n), n.Right(n.X(4)).Y, "the pass's own input");
    }

    [Test]
    public void TheGradientGoesWhereTheForwardPassRead()
    {
        using SmallNetwork n = new("cpu");
        using Dense<double> dense = new(new Parameters<double>(n.Network.Device), 3, I);
        dense.Initialize(1);
        using InputRows<double> rows = new(n.Pass, 3);
        using HiddenLayerPass<double> hidden = dense.PlanHidden(rows);
        rows.Set(Numbers.Random(T * B * 3, 1));
        n.Pass.UseInput(hidden);
        hidden.Forward();
        n.Pass.Forward();
        using var bound = Bound(n, n.X(1));
        n.Pass.UseInput(bound.View.AsContiguous()); // for the next forward pass
        n.Pass.Backward(n.Dy(1));
        double[] x = new double[T * B * 3], w = dense.Parameters.Get("decoder.weight"), b = dense.Parameters.Get("decoder.bias"),
            z = new double[T * B * I];
        x = Numbers.Random(T * B * 3, 1);
        for (int r = 0; r < T * B; r++)
            for (int i = 0; i < I; i++) z[r * I + i] = b[i] + Enumerable.Range(0, 3).Sum(k => w[i * 3 + k] * x[r * 3 + k]);
        double[] dx = new double[hidden.OutputGradient.Length], right = n.Right(z, n.Dy(1)).Dx;
        GpuRnn.Memory.DeviceCopy.Download<double>(n.Network.Device, hidden.OutputGradient, dx);
        int stride = dx.Length / (T * B);
        for (int r = 0; r < T * B; r++)
            for (int i = 0; i < I; i++) Assert.That(dx[r * stride + i], Is.EqualTo(right[r * I + i]).Within(1e-13));
        Assert.That(() => n.Pass.GetInputGradient(new double[T * B * I]), Throws.InvalidOperationException.With.Message.Contains("source"));
    }

    /// <summary>On a view that was bound for a smaller batch a larger one is refused, not read past its end.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void ABoundInputIsCheckedWhereItIsUsed(string device)
    {
        using SmallNetwork n = new(device);
        using var small = Bound(n, [1.0, 2.0]);
        n.Pass.SetShape(1, 1);
        n.Pass.UseInput(small.View.AsContiguous());
        n.Pass.Forward();
        n.Pass.SetShape(T, B);
        Assert.That(() => n.Pass.Forward(), Throws.TypeOf<BadArgumentException>().With.Message.Contains($"the batch needs {T * B * I}"));
        n.Pass.SetShape(1, 1);
        Assert.DoesNotThrow(() => n.Pass.Forward());
        small.Dispose();
        Assert.That(() => n.Pass.Forward(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void IndicesAreCheckedLikeNumbers()
    {
        using Recurrent<double> network = new(TestDevices.Get("cpu"), Cell.Gru, 7, 3, new() { IndexInput = true });
        network.Initialize(1);
        using Pass<double> pass = network.Plan(4, 2);
        double[] first = new double[24], again = new double[24];
        pass.Forward([6, 5, 4, 3, 2, 1, 0, 6], first);
        using var bound = network.Device.Accelerator.Allocate1D<int>(8);
        bound.CopyFromCPU([0, 1, 2, 3, 4, 5, 6, 0]);
        pass.UseInput(bound.View.AsContiguous());
        pass.Forward();
        pass.Forward([6, 5, 4, 3, 2, 1, 0, 6], again);
        Assert.That(again, Is.EqualTo(first));
        pass.SetShape(1, 1);
        pass.UseInput(bound.View.SubView(0, 1).AsContiguous());
        pass.SetShape(4, 2);
        Assert.That(() => pass.Forward(), Throws.TypeOf<BadArgumentException>().With.Message.Contains("the batch needs 8"));
        using Parameters<double> p = new(network.Device);
        Assert.That(() => pass.UseInput(pass.Output), Throws.TypeOf<BadArgumentException>().With.Message.Contains("indices"));
        using SmallNetwork n = new("cpu");
        Assert.That(() => n.Pass.UseInput(bound.View.AsContiguous()),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("numbers"));
    }

    [Test]
    public void MemoryOfAnotherDeviceIsRefused()
    {
        using SmallNetwork n = new("cpu");
        using Device other = Device.Open("cpu:1");
        using var foreign = other.Accelerator.Allocate1D<double>(T * B * I);
        Assert.That(() => n.Pass.UseInput(foreign.View.AsContiguous()),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("another device"));
    }

    /// <summary>An embedding writes the pass's own input: a run on it is over, and a view that was bound is not read.</summary>
    [Test]
    public void AnEmbeddingTakesTheInput()
    {
        using Parameters<double> parameters = new(TestDevices.Get("cpu"));
        Embedding<double> table = new(parameters, 7, 2);
        using Recurrent<double> network = new(parameters, Cell.Gru, 2, 3);
        table.Initialize(1);
        network.Initialize(2);
        using Pass<double> pass = network.Plan(4, 2, new() { Training = true });
        using EmbeddingPass<double> embedding = table.Plan(pass);
        int[] indices = [6, 5, 4, 3, 2, 1, 0, 6];
        double[] first = new double[24], again = new double[24];
        embedding.Forward(indices);
        pass.Forward();
        GpuRnn.Memory.DeviceCopy.Download<double>(network.Device, pass.Output, first);
        Assert.That(() => embedding.Backward(), Throws.InvalidOperationException, "the pass's backward pass comes first");
        pass.Forward(new double[16], []);
        Assert.That(() => embedding.Forward([9, 0, 0, 0, 0, 0, 0, 0]), Throws.TypeOf<BadArgumentException>());
        Assert.DoesNotThrow(() => pass.Backward(new double[24]), "a refused embedding changed nothing");
        pass.Forward(new double[16], []);
        embedding.Forward(indices);
        Assert.That(() => pass.Backward(new double[24]), Throws.InvalidOperationException, "the input was overwritten");
        using var bound = network.Device.Accelerator.Allocate1D<double>(16);
        pass.UseInput(bound.View.AsContiguous());
        pass.Forward();
        embedding.Forward(indices);
        pass.Forward();
        GpuRnn.Memory.DeviceCopy.Download<double>(network.Device, pass.Output, again);
        Assert.That(again, Is.EqualTo(first));
        pass.Backward(new double[24]);
        embedding.Backward();
        Assert.That(() => embedding.Backward(accumulate: true), Throws.InvalidOperationException, "once");
    }
}

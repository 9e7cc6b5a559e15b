using GpuRnn.Layers;
using GpuRnn.Tests.Devices;
using GpuRnn.Tests.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Tests.Contracts;

/// <summary>A layer that a program writes stands in a model as the engine's own do: gradients through it are those of the whole
/// model.</summary>
public class CustomSourceTests
{
    const int T = 3, B = 2, I = 2, H = 5, V = 3;

    /// <summary>y = x + gain * x^2, element by element: a residual connection with a gain an element.</summary>
    sealed class Residual : CustomSource<double>
    {
        readonly Source<double> source;
        readonly Parameters<double> parameters;
        readonly Parameter gain;
        readonly Action<AcceleratorStream, Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int> forward;
        readonly Action<
            AcceleratorStream, Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int> input;
        readonly Action<AcceleratorStream, Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int, int, int> own;

        public Residual(Source<double> source, Parameters<double> parameters, Parameter gain)
            : base(source, source.OutputSize, parameters, source)
        {
            (this.source, this.parameters, this.gain) = (source, parameters, gain);
            Accelerator accelerator = Device.Accelerator;
            forward = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int>(
                (i, x, g, y, size, stride) =>
                {
                    int k = i % size, at = i / size * stride + k;
                    y[i] = x[at] + g[k] * x[at] * x[at];
                });
            input = accelerator.LoadAutoGroupedKernel<
                Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int>(
                (i, x, g, dy, dx, size, stride) =>
                {
                    int k = i % size, at = i / size * stride + k;
                    dx[at] = dy[i] * (1 + 2 * g[k] * x[at]);
                });
            own = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, int, int, int, int>(
                (k, x, dy, dg, size, stride, rows, add) =>
                {
                    double sum = add != 0 ? dg[k] : 0;
                    for (int r = 0; r < rows; r++) sum += dy[r * size + k] * x[r * stride + k] * x[r * stride + k];
                    dg[k] = sum;
                });
        }

        int Rows => Steps * Sequences;

        public bool Fails { get; set; }

        protected override void WriteRows()
        {
            forward(Device.Stream, Rows * OutputSize, source.Output, parameters.ValueOf(gain), Output, OutputSize, source.OutputStride);
            if (Fails) throw new IOException("half-way");
        }

        protected override void Free()
        {
            if (Fails) throw new IOException("not freed");
        }

        protected override void WriteGradients(bool accumulate)
        {
            ArrayView<double> x = source.Output, dy = OutputGradient;
            own(Device.Stream, OutputSize, x, dy, parameters.GradientOf(gain), OutputSize, source.OutputStride, Rows, accumulate ? 1 : 0);
            input(
                Device.Stream, Rows * OutputSize, x, parameters.ValueOf(gain), dy, source.OutputGradient, OutputSize, source.OutputStride);
        }
    }

    sealed class Model : IDisposable
    {
        public readonly Parameters<double> Parameters;
        public readonly Recurrent<double> Network;
        public readonly Parameter Gain;
        public readonly Dense<double> Layer;
        public readonly Dense<double>? Middle;
        public readonly Pass<double> Pass;
        public readonly HiddenLayerPass<double>? Hidden;
        public readonly Residual Residual;
        public readonly DensePass<double> Head;

        /// <param name="behindDense">Does it read a dense layer, whose rows are further apart than they are long?</param>
        public Model(string device, bool training = true, bool behindDense = false)
        {
            Parameters = new(TestDevices.Get(device));
            Network = new(Parameters, Cell.Gru, I, H);
            Gain = Parameters.Declare("gain", H);
            Layer = new(Parameters, H, V);
            if (behindDense) Middle = new(Parameters, H, H, Activation.Tanh, prefix: "middle.");
            Network.Initialize(1);
            Middle?.Initialize(6);
            Layer.Initialize(2);
            Parameters.Set("gain", Numbers.Random(H, 3));
            Pass = Network.Plan(T, B, new() { Training = training });
            Hidden = Middle?.PlanHidden(Pass);
            Residual = new(Hidden is null ? Pass : Hidden, Parameters, Gain);
            Head = Layer.Plan(Residual, Loss.MeanSquaredError);
        }

        public double Forward(bool gradient = false)
        {
            Pass.Forward(Numbers.Random(T * B * I, 4), []);
            Hidden?.Forward();
            Residual.Forward();
            Head.SetTargets(Numbers.Random(T * B * V, 5));
            Head.Forward(gradient);
            return Head.ReadLoss();
        }

        public void Backward()
        {
            Head.Backward();
            Residual.Backward();
            Hidden?.Backward();
            Pass.Backward();
        }

        public void Dispose()
        {
            Head.Dispose();
            Residual.Dispose();
            Hidden?.Dispose();
            Pass.Dispose();
            Layer.Dispose();
            Middle?.Dispose();
            Network.Dispose();
            Parameters.Dispose();
        }
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void GradientsThroughItAreThoseOfTheModel(string device)
    {
        AssertGradients(device, behindDense: false);
        AssertGradients(device, behindDense: true);
    }

    static void AssertGradients(string device, bool behindDense)
    {
        using Model m = new(device, behindDense: behindDense);
        Assert.That(m.Hidden?.OutputStride ?? H + 1, Is.GreaterThan(H));
        m.Forward(gradient: true);
        m.Backward();
        double[] all = m.Parameters.GetAll(), slopes = new double[all.Length];
        double[] gradient = [.. m.Parameters.All.SelectMany(p => m.Parameters.GetGradient(p.Name))];
        for (int i = 0; i < all.Length; i++)
        {
            double Moved(double by)
            {
                double[] moved = [.. all];
                moved[i] += by;
                m.Parameters.SetAll(moved);
                return m.Forward();
            }
            slopes[i] = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
        }
        Assert.That(Numbers.Error(gradient, slopes), Is.LessThan(1e-7));
        Assert.That(gradient.AsSpan((int)m.Gain.Offset, H).ToArray(), Is.All.Not.Zero);
    }

    [Test]
    public void ItIsHeldToTheOrderOfEveryPart()
    {
        using Model m = new("cpu");
        Assert.That(() => m.Residual.Forward(), Throws.InvalidOperationException, "nothing to read");
        m.Pass.Forward(new double[T * B * I], []);
        Assert.That(() => m.Head.Forward(), Throws.InvalidOperationException, "it has not been run");
        m.Forward(gradient: true);
        m.Backward();
        Assert.That(() => m.Residual.Backward(), Throws.InvalidOperationException, "once");
        m.Forward(gradient: true);
        m.Parameters.Changed();
        Assert.That(() => m.Residual.Backward(), Throws.InvalidOperationException, "with the weights that it was run with");
        m.Forward(gradient: true);
        m.Pass.Forward(new double[T * B * I], []);
        Assert.That(() => m.Residual.Backward(), Throws.InvalidOperationException, "on the rows that it read");
        m.Pass.Dispose();
        Assert.That(() => m.Residual.Forward(), Throws.TypeOf<ObjectDisposedException>());
    }

    /// <summary>Rows that were begun and not ended are no rows, and nothing that was made of the old ones goes on.</summary>
    [Test]
    public void AFailureLeavesNoRows()
    {
        using Model m = new("cpu");
        m.Forward(gradient: true);
        m.Residual.Fails = true;
        Assert.That(() => m.Residual.Forward(), Throws.TypeOf<IOException>());
        m.Residual.Fails = false;
        Assert.That(() => m.Residual.Backward(), Throws.InvalidOperationException);
        Assert.That(() => m.Head.Backward(), Throws.InvalidOperationException, "it has read rows that are gone");
        Assert.That(() => m.Head.Forward(), Throws.InvalidOperationException);
        m.Forward(gradient: true);
        Assert.DoesNotThrow(m.Backward);
    }

    /// <summary>The engine's memory is freed whatever becomes of the program's.</summary>
    [Test]
    public void AFailureToFreeLosesNoMemory()
    {
        using Model m = new("cpu");
        IContiguousArrayView y = m.Residual.Output, dy = m.Residual.OutputGradient;
        (MemoryBuffer rows, MemoryBuffer gradient) = (y.Buffer, dy.Buffer);
        m.Residual.Fails = true;
        Assert.That(() => m.Residual.Dispose(), Throws.TypeOf<IOException>().With.Message.EqualTo("not freed"));
        Assert.That((rows.IsDisposed, gradient.IsDisposed), Is.EqualTo((true, true)));
    }

    /// <summary>Dropout passes rows on in evaluation, and has its own in training: neither is taken for the other.</summary>
    [Test]
    public void RowsThatDropoutPassesOnAreCounted()
    {
        using Model m = new("cpu");
        using DropoutPass<double> dropout = new Dropout(new() { Rate = 0.5 }).Plan(m.Pass);
        long before = dropout.Written;
        foreach (bool evaluating in (bool[])[false, true, false, false, true, true, false])
        {
            m.Pass.Evaluating = evaluating;
            for (int i = 0; i < 2; i++) m.Pass.Forward(new double[T * B * I], []); // its count runs ahead
            dropout.Forward();
            Assert.That(dropout.Written, Is.GreaterThan(before));
            before = dropout.Written;
        }
    }

    [Test]
    public void InferenceHasNoGradient()
    {
        using Model m = new("cpu", training: false);
        m.Forward();
        Assert.That(m.Residual.OutputGradient.Length, Is.Zero);
        Assert.That(() => m.Residual.Backward(), Throws.InvalidOperationException);
    }

    /// <summary>Numbers that a program makes on the device, in front of the pass that reads them.</summary>
    sealed class Ramp(Pass<double> pass) : CustomSource<double>(pass, I, null)
    {
        protected override void WriteRows() =>
            GpuRnn.Memory.DeviceCopy.Upload<double>(
                Device, [.. Enumerable.Range(0, Steps * Sequences * OutputSize).Select(i => i / 10.0)], Output);

        protected override void WriteGradients(bool accumulate) { }
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void ItMayBeAPassesInput(string device)
    {
        using Recurrent<double> network = new(TestDevices.Get(device), Cell.Lstm, I, H);
        network.Initialize(1);
        using Pass<double> pass = network.Plan(T, B), plain = network.Plan(T, B);
        using Ramp ramp = new(pass);
        pass.UseInput(ramp);
        Assert.That(() => pass.Forward(), Throws.InvalidOperationException);
        ramp.Forward();
        pass.Forward();
        double[] y = new double[T * B * H];
        GpuRnn.Memory.DeviceCopy.Download<double>(pass.Device, pass.Output, y);
        Assert.That(y, Is.EqualTo(plain.Forward([.. Enumerable.Range(0, T * B * I).Select(i => i / 10.0)])).AsCollection);
    }

    [Test]
    public void WhatCannotBeIsRefused()
    {
        using Model m = new("cpu"), other = new("cpu");
        Assert.That(() => new Residual(m.Pass, null!, m.Gain), Throws.Nothing, "no weights are fine until they are used");
        Assert.That(() => new Wrong(m.Pass, 0, m.Pass), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new Wrong(m.Pass, 1, other.Pass),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("other batches"));
        Assert.That(() => new Wrong(m.Pass, 1, null!), Throws.TypeOf<ArgumentNullException>().With.Message.Contains("Number 0"));
    }

    sealed class Wrong(Source<double> batches, int size, Source<double> reads) : CustomSource<double>(batches, size, null, reads)
    {
        protected override void WriteRows() { }
        protected override void WriteGradients(bool accumulate) { }
    }
}

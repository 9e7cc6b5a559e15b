using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.State;
using GpuRnn.Training;

namespace GpuRnn.Tests.Contracts;

/// <summary>What is disposed is refused, whatever was disposed and in whatever order; what is in use cannot be disposed.</summary>
public class DisposalTests
{
    const int T = 3, B = 2, I = 4, H = 6;

    /// <summary>One of every part of a model, on a device of its own, and run once.</summary>
    sealed class Everything
    {
        public readonly Dictionary<string, IDisposable> Parts = [];
        public readonly Dictionary<string, (string[] Reads, Action Call)> Calls = [];
        public readonly Device Device = Device.Open("cpu:1");

        public Everything()
        {
            Parameters<float> p = Add("parameters", new Parameters<float>(Device));
            Recurrent<float> network = Add("network", new Recurrent<float>(p, Cell.Lstm, I, H)),
                other = Add("encoder", new Recurrent<float>(p, Cell.Lstm, I, H, new() { Prefix = "e." }));
            Dense<float> before = Add("dense before", new Dense<float>(p, 5, I, prefix: "before."));
            Dense<float> middle = Add("dense", new Dense<float>(p, H, 5, Activation.Tanh, prefix: "middle.")),
                head = Add("head", new Dense<float>(p, 5, 3));
            Dense<float> wide = Add("wide head", new Dense<float>(p, 2 * H, 3, prefix: "wide."));
            Attention<float> attention = Add("attention", new Attention<float>(p, AttentionKind.Additive, H, H));
            Embedding<float> table = new(p, 7, I);
            Pass<float> pass = Add("pass", network.Plan(T, B, new() { Training = true })),
                encoder = Add("encoder pass", other.Plan(T, B, new() { Training = true }));
            Pass<float> own = Add("own pass", network.Plan(T, B, new() { Training = true }));
            InputRows<float> rows = Add("rows", new InputRows<float>(pass, 5));
            HiddenLayerPass<float> first = Add("hidden before", before.PlanHidden(rows)), hidden = Add("hidden", middle.PlanHidden(pass));
            pass.UseInput(first);
            DropoutPass<float> dropout = Add("dropout", new Dropout(new() { Rate = 0.5 }).Plan(hidden));
            DensePass<float> loss = Add("loss", head.Plan(dropout, Loss.SoftmaxCrossEntropy));
            AttentionPass<float> look = Add("attention pass", attention.Plan(pass, encoder));
            DensePass<float> wideLoss = Add("wide loss", wide.Plan(look, Loss.MeanSquaredError));
            EmbeddingPass<float> embedding = Add("embedding pass", table.Plan(own));
            StateBridge<float> bridge = new(encoder, own);
            StateStore<float, int> store = Add("store", new StateStore<float, int>(network, 2));
            Adam<float> adam = Add("optimizer", new Adam<float>(p));
            float[] x = new float[T * B * I];

            Call("parameters", [], () => p.Get("weight_hh_l0"));
            Call("Values", ["parameters"], () => _ = p.Values);
            Call("Plan", ["network", "parameters"], () => network.Plan(1, 1).Dispose());
            Call("PlanHidden", ["dense", "pass"], () => middle.PlanHidden(pass).Dispose());
            Call("Set", ["rows", "pass"], () => rows.Set(new float[T * B * 5]));
            Call("hidden before", ["hidden before", "rows", "dense before"], first.Forward);
            Call("Forward", ["pass", "network", "hidden before", "rows"], pass.Forward);
            Call("Output", ["pass"], () => _ = pass.Output);
            Call("hidden", ["hidden", "pass", "dense"], hidden.Forward);
            Call("dropout", ["dropout", "hidden", "pass"], () => dropout.Forward(1));
            Call("classes", ["loss", "head"], () => loss.SetClasses(new int[T * B]));
            Call("loss", ["loss", "dropout", "hidden", "pass", "head", "parameters"], () => loss.Forward(true));
            Call("read", ["loss"], () => loss.ReadLoss());
            Call("encoder", ["encoder pass", "encoder"], () => encoder.Forward(x, []));
            Call("attention", ["attention pass", "attention", "pass", "encoder pass"], look.Forward);
            Call("targets", ["wide loss"], () => wideLoss.SetTargets(new float[T * B * 3]));
            Call("wide", ["wide loss", "attention pass", "encoder pass", "wide head"], () => wideLoss.Forward(true));
            Call("embedding", ["embedding pass", "own pass", "parameters"], () => embedding.Forward(new int[T * B]));
            Call("bridge", ["encoder pass", "own pass"], bridge.Forward);
            Call("open", ["store", "network"], () =>
            {
                if (!store.Contains(1)) store.Open(1);
            });
            Call("loss back", ["loss", "dropout", "pass"], () => loss.Backward());
            Call("dropout back", ["dropout", "hidden"], dropout.Backward);
            Call("hidden back", ["hidden", "pass", "dense"], () => hidden.Backward());
            Call("wide back", ["wide loss", "attention pass"], () => wideLoss.Backward());
            Call("attention back", ["attention pass", "encoder pass", "attention"], () => look.Backward());
            Call("back", ["pass", "hidden before", "network"], () => pass.Backward());
            Call("hidden before back", ["hidden before", "rows"], () => first.Backward());
            Call("step", ["optimizer", "parameters"], () => adam.Step());
            Call("states", ["optimizer"], () => adam.ReadStates());
            Call("bind", ["store", "own pass"], () => store.Bind(own, [1], T));
        }

        T2 Add<T2>(string name, T2 part) where T2 : IDisposable
        {
            Parts[name] = part;
            return part;
        }

        void Call(string name, string[] reads, Action call)
        {
            call(); // all of them run once, in this order
            Calls[name] = (reads, call);
        }
    }

    static IEnumerable<string> PartNames()
    {
        Everything e = new();
        e.Device.Dispose();
        return e.Parts.Keys;
    }

    [TestCaseSource(nameof(PartNames))]
    public void WhatReadsADisposedPartIsRefused(string part)
    {
        Everything e = new();
        e.Parts[part].Dispose();
        e.Parts[part].Dispose();
        foreach ((string name, (string[] reads, Action call)) in e.Calls)
        {
            if (reads.Contains(part)) Assert.That(call, Throws.TypeOf<ObjectDisposedException>(), name);
        }
        foreach (IDisposable other in e.Parts.Values) Assert.DoesNotThrow(other.Dispose);
        e.Device.Dispose();
    }

    [Test]
    public void ADisposedDeviceIsRefusedByAllThatWasMadeOnIt()
    {
        Everything e = new();
        e.Device.Dispose();
        e.Device.Dispose();
        foreach ((string name, (_, Action call)) in e.Calls) Assert.That(call, Throws.TypeOf<ObjectDisposedException>(), name);
        foreach (IDisposable part in e.Parts.Values) Assert.DoesNotThrow(part.Dispose);
        Assert.That(() => new Parameters<float>(e.Device), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void AnAcceleratorThatItsOwnerDisposedIsRefused()
    {
        using ILGPU.Context context = ILGPU.Context.Create(b => ILGPU.Runtime.CPU.CPUContextExtensions.CPU(b));
        ILGPU.Runtime.Accelerator accelerator = ILGPU.Runtime.CPU.CPUContextExtensions.CreateCPUAccelerator(context, 0);
        Device device = Device.From(accelerator);
        Recurrent<float> network = new(device, Cell.Gru, I, H);
        Pass<float> pass = network.Plan(T, B);
        pass.Forward(new float[T * B * I], []);
        accelerator.Dispose();
        Assert.That(() => pass.Forward(new float[T * B * I], []), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Parameters.Get("weight_hh_l0"), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(device.Synchronize, Throws.TypeOf<ObjectDisposedException>());
        foreach (IDisposable part in new IDisposable[] { pass, network, device }) Assert.DoesNotThrow(part.Dispose);
    }

    [Test]
    public void ModelsAreRefusedLikeTheirParts()
    {
        using Device device = Device.Open("cpu:1");
        using SequenceClassifier<float> classifier = new(device, new() { InputSize = 4, Classes = 3 });
        ClassifierPass<float> pass = classifier.Plan(3, 2, new() { Training = true, Dropout = new() { Rate = 0.5 } });
        pass.Dispose();
        Assert.That(() => pass.Forward(new float[24], [3, 3]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => pass.ReadProbabilities(), Throws.TypeOf<ObjectDisposedException>());
        EncoderDecoder<float> model = new(device, new() { SourceSize = 4, TargetSize = 5, Hidden = 6 });
        BeamSearch<float> search = model.PlanSearch(3, 3, 2, 2);
        EncoderDecoderPass<float> both = model.Plan(3, 3, 2, new() { Training = true });
        search.Dispose();
        Assert.That(() => search.Run(new int[6], [3, 3], 2, 3), Throws.TypeOf<ObjectDisposedException>());
        model.Dispose();
        Assert.That(() => both.Forward(new int[6], [3, 3], new int[6], [3, 3]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => model.Initialize(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.DoesNotThrow(both.Dispose);
    }

    /// <summary>
    /// While a thread is inside a call nothing that it may need can be disposed by another: it is refused, and the run is right.
    /// </summary>
    [TestCase("pass"), TestCase("network"), TestCase("device"), TestCase("head"), TestCase("store"), TestCase("optimizer")]
    public void NothingInUseIsDisposed(string what)
    {
        using Device device = Device.Open("cpu:1");
        using Parameters<float> parameters = new(device);
        Recurrent<float> network = new(parameters, Cell.Lstm, 16, 64);
        using Dense<float> layer = new(parameters, 64, 3);
        network.Initialize(1);
        Pass<float> pass = network.Plan(200, 8);
        DensePass<float> head = layer.Plan(pass);
        StateStore<float, int> store = new(network, 2);
        Adam<float> adam = new(parameters);
        Dictionary<string, IDisposable> all = new()
        {
            ["pass"] = pass, ["network"] = network, ["device"] = device, ["head"] = head, ["store"] = store, ["optimizer"] = adam,
        };
        float[] x = Numbers.To<float>(Numbers.Random(200 * 8 * 16, 1)), expected = new float[200 * 8 * 64], y = new float[expected.Length];
        pass.Forward(x, expected);
        using (pass.Guard.Enter())
            Task.Run(() => Assert.That(all[what].Dispose, Throws.InvalidOperationException, "a thread is inside")).Wait();
        using ManualResetEventSlim started = new();
        bool refused = false, gone = false;
        Task runs = Task.Run(() =>
        {
            for (int i = 0; i < 5000 && !Volatile.Read(ref refused); i++)
                try
                {
                    if (i == 2) started.Set();
                    pass.Forward(x, y);
                    Assert.That(y.AsSpan().SequenceEqual(expected));
                }
                catch (ObjectDisposedException)
                {
                    gone = true;
                    break;
                }
                catch (InvalidOperationException)
                {
                    // the other thread was inside: for a moment only
                }
        });
        started.Wait();
        while (!refused && !gone && !runs.IsCompleted)
            try
            {
                // between two calls it may succeed: then the next call is refused
                all[what].Dispose();
                break;
            }
            catch (InvalidOperationException)
            {
                Volatile.Write(ref refused, true);
            }
        runs.Wait();
        foreach (string part in new[] { "optimizer", "store", "head", "pass", "network" }) all[part].Dispose();
    }
}

using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.State;
using GpuRnn.Training;
using ILGPU.Runtime;

namespace GpuRnn.Tests.Contracts;

/// <summary>Parts beside each other: each knows what the others did since, and a refused one leaves no trace in the model.</summary>
public class PartsTests : FolderTests
{
    const int T = 4, B = 2, I = 3, H = 6;

    static float[] X(int seed, int size = I) => Numbers.To<float>(Numbers.Random(T * B * size, seed));

    static void Refused(Action action) => Assert.That(() => action(), Throws.InvalidOperationException);

    sealed class Pair : IDisposable
    {
        public readonly Parameters<float> P = new(TestDevices.Get("cpu"));
        public readonly Recurrent<float> EncoderNetwork, DecoderNetwork;
        public readonly Pass<float> Encoder, Decoder;
        public readonly StateBridge<float> Bridge;

        public Pair()
        {
            (EncoderNetwork, DecoderNetwork) = (
                new(P, Cell.Lstm, I, H, new() { Prefix = "e." }), new(P, Cell.Lstm, I, H, new() { Prefix = "d." }));
            EncoderNetwork.Initialize(1);
            DecoderNetwork.Initialize(2);
            (Encoder, Decoder) = (EncoderNetwork.Plan(T, B, new() { Training = true }),
                DecoderNetwork.Plan(T, B, new() { Training = true }));
            Bridge = new(Encoder, Decoder);
        }

        public void Dispose()
        {
            foreach (IDisposable part in new IDisposable[] { Encoder, Decoder, EncoderNetwork, DecoderNetwork, P }) part.Dispose();
        }
    }

    /// <summary>The gradient that a bridge takes back is that of the states it took over.</summary>
    [Test]
    public void ABridgeGoesBackTheWayItCame()
    {
        using Pair pair = new();
        Refused(pair.Bridge.Forward);
        pair.Encoder.Forward(X(1), []);
        pair.Bridge.Forward();
        pair.Decoder.Forward(X(2), []);
        Refused(pair.Bridge.Backward);
        pair.Encoder.Forward(X(3), []);
        pair.Decoder.Backward(X(4, H));
        Refused(pair.Bridge.Backward); // the encoder has run another batch since
        foreach (Action<Pass<float>> other in new Action<Pass<float>>[] { d => d.ClearInitialStates(), d =>
            d.SetInitialStates(new float[B * H]), d => d.CarryStates() })
        {
            pair.Bridge.Forward();
            other(pair.Decoder);
            pair.Decoder.Forward(X(2), []);
            pair.Decoder.Backward(X(4, H));
            Refused(pair.Bridge.Backward); // the decoder began with other states
        }
        pair.Bridge.Forward();
        pair.Decoder.Forward(X(2), []);
        pair.Decoder.ClearInitialStates(); // of the next run
        pair.Decoder.Backward(X(4, H));
        Assert.DoesNotThrow(pair.Bridge.Backward);
        Refused(pair.Bridge.Backward);
        Assert.DoesNotThrow(() => pair.Encoder.BackwardWithStates());
    }

    /// <summary>A table's gradient is of rows that the pass was run on.</summary>
    [Test]
    public void AnEmbeddingGoesBackTheWayItCame()
    {
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        Embedding<float> table = new(p, 7, I), other = new(p, 7, I, "other.");
        using Recurrent<float> network = new(p, Cell.Gru, I, H);
        network.Initialize(1);
        table.Initialize(2);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true });
        using EmbeddingPass<float> embedding = table.Plan(pass), second = other.Plan(pass);
        using var view = p.Device.Accelerator.Allocate1D<float>(T * B * I);
        foreach (Action between in new Action[] { () => pass.Forward(X(1), []), () =>
            { pass.UseInput(view.View.AsContiguous()); pass.Forward(); }, () => { second.Forward(new int[T * B]); pass.Forward(); } })
        {
            embedding.Forward(new int[T * B]);
            between();
            pass.Backward(X(2, H));
            Refused(() => embedding.Backward());
        }
        embedding.Forward(new int[T * B]);
        pass.Forward();
        pass.UseInput(view.View.AsContiguous()); // of the next run
        pass.Backward(X(2, H));
        Assert.DoesNotThrow(() => embedding.Backward());
    }

    [Test]
    public void AViewMustLiveUntilTheBackwardPass()
    {
        using SmallNetwork n = new("cpu");
        var view = n.Network.Device.Accelerator.Allocate1D(n.X(1));
        n.Pass.UseInput(view.View.AsContiguous());
        n.Pass.Forward();
        view.Dispose();
        Assert.That(() => n.Pass.Backward(n.Dy(1)), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => n.Pass.Backward(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => n.Pass.UseInput(n.Pass), Throws.TypeOf<BadArgumentException>(), "nor may a pass read itself");
    }

    /// <summary>Keys of old weights beside queries of new ones would be the attention of no model.</summary>
    [Test]
    public void KeysAreOfTheSameWeightsAsQueries()
    {
        using Pair pair = new();
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        using Attention<float> attention = new(p, AttentionKind.Additive, H, H);
        attention.Initialize(1);
        using AttentionPass<float> pass = attention.Plan(pair.Decoder, pair.Encoder);
        pair.Encoder.Forward(X(1), []);
        pair.Decoder.Forward(X(2), []);
        pass.ForwardKeys();
        pass.ForwardQueries();
        p.Changed();
        Refused(pass.ForwardQueries);
        pass.Forward();
        Assert.DoesNotThrow(() => pass.Backward());
    }

    [Test]
    public void TrainingAfterInferenceOnTheSameWeights()
    {
        using SmallNetwork n = new("cpu");
        using Pass<double> inference = n.Network.Plan(T, B);
        inference.SetShape(T, B);
        inference.Forward(Numbers.Random(T * B * SmallNetwork.I, 1), []);
        n.Pass.Forward(n.X(1), []);
        n.Pass.Backward(n.Dy(1));
        n.AssertGradients(n.Right(n.X(1), n.Dy(1)));
    }

    [Test]
    public void StatesOfAStoreAreNotCarried()
    {
        using SmallNetwork n = new("cpu", options: new());
        using StateStore<double, int> store = new(n.Network, 3);
        foreach (int key in new[] { 1, 2, 3 }) store.Open(key);
        n.Pass.Forward(n.X(1), []);
        store.Bind(n.Pass, [1, 2, 3], SmallNetwork.T);
        n.Pass.Forward(n.X(2), []);
        Refused(n.Pass.CarryStates);
    }

    /// <summary>A part that is refused has left nothing among the model's: files are read, masks and places are as they were.</summary>
    [Test]
    public void ARefusedPartLeavesNoTrace()
    {
        using Parameters<float> p = new(TestDevices.Get("cpu")), same = new(TestDevices.Get("cpu"));
        using Recurrent<float> network = new(p, Cell.Lstm, I, H), twin = new(same, Cell.Lstm, I, H);
        Assert.Throws<BadArgumentException>(() => new Recurrent<float>(p, Cell.Gru, I, H));
        Assert.Throws<BadArgumentException>(() => new Attention<float>(p, AttentionKind.Dot, 4, 8));
        using Recurrent<float> next = new(p, Cell.Gru, H, H, new() { Prefix = "next." }),
            nextTwin = new(same, Cell.Gru, H, H, new() { Prefix = "next." });
        Assert.That((next.FirstPlace, next.Number), Is.EqualTo((nextTwin.FirstPlace, nextTwin.Number)));
        ModelFile.Save(file, same);
        Assert.DoesNotThrow(() => ModelFile.Load(file, p));
    }

    [Test]
    public void AnOptimizerKnowsAllLayers()
    {
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        using Recurrent<float> network = new(p, Cell.Lstm, I, H);
        using Adam<float> adam = new(p);
        Assert.That(() => new Dense<float>(p, H, 3), Throws.TypeOf<BadArgumentException>().With.Message.Contains("too late"));
    }

    [Test]
    public void ParametersWithoutPartsAreSavedAndLoaded()
    {
        using Parameters<float> p = new(TestDevices.Get("cpu"));
        p.Declare("w", 3);
        p.Set("w", [1, 2, 3]);
        ModelFile.Save(file, p);
        p.Set("w", new float[3]);
        ModelFile.Load(file, p);
        Assert.That(p.Get("w"), Is.EqualTo(new float[] { 1, 2, 3 }));
        using Sgd<float> sgd = new(p, 1);
        Checkpoint.Save(file, sgd);
        Assert.DoesNotThrow(() => Checkpoint.Load(file, sgd));
    }

    [Test]
    public void PartsOfTwoDevicesAreRefused()
    {
        using Device other = Device.Open("cpu:1");
        using Pair pair = new();
        using Parameters<float> far = new(other);
        using Dense<float> dense = new(far, H, 3);
        using Attention<float> attention = new(far, AttentionKind.Dot, H, H);
        Embedding<float> table = new(far, 5, I);
        Assert.That(() => dense.Plan(pair.Encoder), Throws.TypeOf<BadArgumentException>().With.Message.Contains("devices"));
        Assert.That(() => attention.Plan(pair.Decoder, pair.Encoder),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("devices"));
        Assert.That(() => table.Plan(pair.Encoder), Throws.TypeOf<BadArgumentException>().With.Message.Contains("devices"));
    }

    /// <summary>Without a step every forward pass of a model has masks of its own; with one, those of the step.</summary>
    [Test]
    public void ModelsDrawNewMasksEveryStep()
    {
        using SequenceClassifier<float> model = new(TestDevices.Get("cpu"), new() { InputSize = I, Classes = 3, Hidden = 32 });
        model.Initialize(1);
        using ClassifierPass<float> pass = model.Plan(T, B, new() { Training = true, Dropout = new() { Rate = 0.5, Seed = 1 } });
        double Loss(long? step)
        {
            pass.Forward(X(1), [T, T], step);
            return pass.Loss([0, 1]);
        }
        Assert.That(Enumerable.Range(0, 4).Select(_ => Loss(null)).Distinct().Count(), Is.EqualTo(4));
        double once = Loss(7), again = Loss(7);
        Assert.That(again, Is.EqualTo(once));
        using EncoderDecoder<float> both = new(TestDevices.Get("cpu"), new() { SourceSize = 4, TargetSize = 5, Hidden = 32 });
        both.Initialize(1);
        using EncoderDecoderPass<float> pairs = both.Plan(T, T, B, new() { Training = true, Dropout = new() { Rate = 0.5, Seed = 1 } });
        double PairLoss(long? step)
        {
            pairs.Forward(new int[T * B], [T, T], new int[T * B], [T, T], step);
            return pairs.Loss(new int[T * B]);
        }
        Assert.That(Enumerable.Range(0, 4).Select(_ => PairLoss(null)).Distinct().Count(), Is.EqualTo(4));
        (once, again) = (PairLoss(7), PairLoss(7));
        Assert.That(again, Is.EqualTo(once));
    }

    [Test]
    public void ARefusedModelCallChangesNothing()
    {
        using SequenceClassifier<float> model = new(
            TestDevices.Get("cpu"), new() { InputSize = 5, Classes = 3, Hidden = 8, IndexInput = true });
        model.Initialize(1);
        using ClassifierPass<float> pass = model.Plan(T, B, new() { Training = true });
        pass.Forward(new int[T * B], [T, 2]);
        pass.Loss([0, 1], gradient: true);
        foreach (Action refused in new Action[]
        {
            () => pass.Forward([.. Enumerable.Repeat(9, T * B)], [T, 2]), () => pass.Forward(new int[T * B], [T, T + 1]), () =>
                pass.Forward(new int[3 * T], [T, T, T]),
            () => pass.Forward(new float[T * B * 5], [T, T]),
        }) Assert.Throws<BadArgumentException>(() => refused());
        Assert.DoesNotThrow(() => pass.Backward());

        using EncoderDecoder<float> both = new(TestDevices.Get("cpu"), new() { SourceSize = 4, TargetSize = 5, Hidden = 8 });
        both.Initialize(1);
        using EncoderDecoderPass<float> pairs = both.Plan(T, T, B, new() { Training = true });
        pairs.Forward(new int[T * B], [T, 2], new int[T * B], [2, T]);
        pairs.Loss(new int[T * B], gradient: true);
        foreach (Action refused in new Action[]
        {
            () => pairs.Forward(new int[T * B], [T, 2], [.. Enumerable.Repeat(9, T * B)], [T, T]), () =>
                pairs.Forward([.. Enumerable.Repeat(9, T * B)], [T, 2], new int[T * B], [T, T]),
            () => pairs.Forward(new int[T * B], [T, 2], new int[2 * T * B], [2 * T, 2]), () =>
                pairs.Forward(new float[T * B * 4], [T, T], new int[T * B], [T, T]),
        }) Assert.Throws<BadArgumentException>(() => refused());
        Assert.DoesNotThrow(() => pairs.Backward());
    }
}

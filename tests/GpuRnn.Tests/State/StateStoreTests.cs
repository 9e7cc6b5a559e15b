using GpuRnn.Layers;
using GpuRnn.State;

namespace GpuRnn.Tests.State;

public class StateStoreTests
{
    const int I = 4, H = 19;

    static Recurrent<float> Network(string device, string cell = "lstm", int layers = 2)
    {
        Recurrent<float> network = new(TestDevices.Get(device), Cell.Named(cell), I, H, new() { Layers = layers });
        network.Initialize(5);
        return network;
    }

    /// <summary>Sequences fed in chunks, in changing company, end where whole sequences end: the same bits on the CPU.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void ChunksInAnyCompanyAreTheWholeSequence(string device)
    {
        using Recurrent<float> network = Network(device);
        using StateStore<float, string> store = new(network, 10);
        string[] names = ["a", "b", "c", "d", "e", "f"];
        float[][] whole = [.. names.Select((_, n) => Numbers.To<float>(Numbers.Random(12 * I, n)))];
        int[] done = new int[names.Length];
        foreach (string name in names) store.Open(name);
        using Pass<float> pass = network.Plan(4, 6);
        List<float>[] got = [.. names.Select(_ => new List<float>())];
        Random random = new(1);
        while (done.Any(d => d < 12))
        {
            int[] ready = [.. Enumerable.Range(0, names.Length).Where(n => done[n] < 12 && random.Next(2) == 0)
                .OrderBy(_ => random.Next())];
            if (ready.Length == 0) continue;
            int[] lengths = [.. ready.Select(n => random.Next(0, Math.Min(4, 12 - done[n]) + 1))];
            store.Bind(pass, [.. ready.Select(n => names[n])], 4, lengths);
            float[] x = new float[4 * ready.Length * I], y = new float[4 * ready.Length * H];
            for (int b = 0; b < ready.Length; b++)
                for (int t = 0; t < lengths[b]; t++) whole[ready[b]].AsSpan((done[ready[b]] + t) * I, I)
                    .CopyTo(x.AsSpan((t * ready.Length + b) * I));
            pass.Forward(x, y);
            for (int b = 0; b < ready.Length; b++)
            {
                for (int t = 0; t < lengths[b]; t++) got[ready[b]].AddRange(y.AsSpan((t * ready.Length + b) * H, H).ToArray());
                done[ready[b]] += lengths[b];
            }
        }
        using Pass<float> once = network.Plan(12, 1);
        for (int n = 0; n < names.Length; n++)
        {
            float[] y = new float[12 * H], hn = new float[2 * H], cn = new float[2 * H], h = new float[2 * H], c = new float[2 * H];
            once.Forward(whole[n], y);
            once.GetFinalStates(hn, cn);
            store.Read(names[n], h, c);
            if (device == "cpu")
            {
                Assert.That(got[n], Is.EqualTo(y));
                Assert.That(h, Is.EqualTo(hn));
                Assert.That(c, Is.EqualTo(cn));
            }
            else
            {
                Assert.That(Numbers.Error([.. got[n]], [.. y.Select(v => (double)v)]), Is.LessThan(1e-6));
                Assert.That(Numbers.Error(c, [.. cn.Select(v => (double)v)]), Is.LessThan(1e-6));
            }
        }
    }

    [Test]
    public void OthersAreLeftUntouched()
    {
        using Recurrent<float> network = Network("cpu");
        using StateStore<float, int> store = new(network, 5);
        float[] h = Numbers.To<float>(Numbers.Random(2 * H, 1)), c = Numbers.To<float>(Numbers.Random(2 * H, 2)), h2 = new float[2 * H],
            c2 = new float[2 * H];
        for (int key = 0; key < 5; key++) store.Restore(key, h, c);
        using Pass<float> pass = network.Plan(1, 2);
        store.Bind(pass, [3, 1], 1);
        pass.Forward(new float[2 * I], []);
        foreach (int key in new[] { 0, 2, 4 })
        {
            store.Read(key, h2, c2);
            Assert.That(h2, Is.EqualTo(h));
            Assert.That(c2, Is.EqualTo(c));
        }
        store.Read(1, h2, c2);
        Assert.That(h2, Is.Not.EqualTo(h));
        store.Reset(1);
        store.Read(1, h2, c2);
        Assert.That(h2.Concat(c2), Is.All.Zero);
    }

    /// <summary>Training through the store gives the gradients of a pass that was given the same states, and moves the store on.</summary>
    [Test]
    public void TruncatedBackpropagationGoesThroughTheStore()
    {
        using Recurrent<float> network = Network("cpu");
        using StateStore<float, int> store = new(network, 4);
        float[] h = Numbers.To<float>(Numbers.Random(2 * H, 1)),
            c = Numbers.To<float>(Numbers.Random(2 * H, 2)),
            x = Numbers.To<float>(Numbers.Random(3 * I, 3)),
            dy = Numbers.To<float>(Numbers.Random(3 * H, 4));
        store.Restore(7, h, c);
        using Pass<float> bound = network.Plan(3, 2, new() { Training = true }), given = network.Plan(3, 2, new() { Training = true });
        store.Bind(bound, [7], 3);
        bound.Forward(x, []);
        bound.Backward(dy);
        float[] gradient = network.Parameters.GetGradient("weight_hh_l1"),
            h2 = new float[2 * H], c2 = new float[2 * H],
            hn = new float[2 * H], cn = new float[2 * H];
        given.SetShape(3, 1);
        given.SetInitialStates(h, c);
        given.Forward(x, []);
        given.Backward(dy);
        given.GetFinalStates(hn, cn);
        store.Read(7, h2, c2);
        Assert.That(gradient, Is.EqualTo(network.Parameters.GetGradient("weight_hh_l1")));
        Assert.That(h2, Is.EqualTo(hn));
        Assert.That(c2, Is.EqualTo(cn));
    }

    [Test]
    public void MisuseIsOneClearLine()
    {
        using Recurrent<float> network = Network("cpu"),
            both = new(TestDevices.Get("cpu"), Cell.Lstm, I, H, new() { Directions = Directions.Concatenated });
        Assert.That(() => new StateStore<float, int>(both, 3), Throws.TypeOf<BadArgumentException>().With.Message.Contains("reverse"));
        using StateStore<float, int> store = new(network, 2);
        using Pass<float> pass = network.Plan(1, 2);
        store.Open(1);
        Assert.That(() => store.Open(1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => store.Bind(pass, [1, 1], 1), Throws.TypeOf<BadArgumentException>().With.Message.Contains("twice"));
        Assert.That(() => store.Bind(pass, [1, 2], 1), Throws.TypeOf<BadArgumentException>().With.Message.Contains("'2'"));
        store.Open(2);
        Assert.That(() => store.Open(3), Throws.TypeOf<BadArgumentException>().With.Message.Contains("full"));
        store.Remove(1);
        Assert.That(store.Contains(1), Is.False);
        Assert.DoesNotThrow(() => store.Open(3));
        Assert.That(() => store.Read(1, new float[2 * H]), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => store.Read(3, new float[3]), Throws.TypeOf<BadArgumentException>());
        store.Dispose();
        Assert.That(() => store.Open(4), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void KeysAreThoseOfLiveSequences()
    {
        using Recurrent<float> network = Network("cpu");
        using StateStore<float, string> store = new(network, 3);
        Assert.That(store.Keys, Is.Empty);
        foreach (string key in new[] { "a", "b", "c" }) store.Open(key);
        store.Remove("b");
        Assert.That(store.Keys, Is.EquivalentTo(new[] { "a", "c" }));
        foreach (string key in store.Keys) store.Remove(key);
        Assert.That(store.Keys, Is.Empty);
    }
}

using GpuRnn.State;
using GpuRnn.Tests.Contracts;
using static GpuRnn.Tests.Contracts.SmallNetwork;

namespace GpuRnn.Tests.State;

/// <summary>Between a store and a pass: what is bound, what ends the binding, and that slots hold what they should.</summary>
public class StoreBindingTests
{
    static readonly Dictionary<string, Action<SmallNetwork>> s_unbinding = new()
    {
        ["ClearInitialStates"] = n => n.Pass.ClearInitialStates(),
        ["SetInitialStates"] = n => n.Pass.SetInitialStates(new double[n.States], n.Network.HasC ? new double[n.States] : []),
        ["UseInitialStates"] = n => n.Pass.UseInitialStates(),
        ["SetShape"] = n => n.Pass.SetShape(T, B),
        ["SetLengths"] = n => n.Pass.SetLengths(T, [T, T, T]),
    };

    static IEnumerable<TestCaseData> Unbinding() =>
        from device in TestDevices.Ids
        from training in new[] { false, true }
        from what in s_unbinding.Keys
        select new TestCaseData(device, training, what);

    /// <summary>
    /// Whatever ends the binding: the batch runs on states of its own, in its own rows, and the store's are as they were. Slots at the end
    /// of a large store would lie far outside the pass's arrays.
    /// </summary>
    [TestCaseSource(nameof(Unbinding)), Category("Device")]
    public void AnUnboundPassLeavesTheStoreAlone(string device, bool training, string what)
    {
        using SmallNetwork n = new(device, options: new() { Training = training });
        using StateStore<double, int> store = new(n.Network, 5000);
        for (int key = 0; key < 5000; key++) store.Open(key);
        double[] y = new double[T * B * H], h = new double[H], again = new double[H], hn = new double[n.States];
        store.Bind(n.Pass, [4997, 4999, 4998], T);
        n.Pass.Forward(n.X(1), y);
        AssertSame(y, n.Right(n.X(1)).Y, "through the store");
        store.Read(4999, h);
        s_unbinding[what](n);
        n.Pass.Forward(n.X(2), y);
        AssertSame(y, n.Right(n.X(2)).Y, "from zero");
        n.Pass.GetFinalStates(hn);
        AssertSame(hn, n.Right(n.X(2)).Hn, "in the pass's own rows");
        store.Read(4999, again);
        Assert.That(again, Is.EqualTo(h), "the store's states");
        if (training)
        {
            n.Pass.Backward(n.Dy(1));
            n.AssertGradients(n.Right(n.X(2), n.Dy(1)));
        }
    }

    [Test]
    public void AStoreGoesOnAfterOwnStates()
    {
        using SmallNetwork n = new("cpu", options: new());
        using StateStore<double, int> store = new(n.Network, 9);
        for (int key = 0; key < 9; key++) store.Open(key);
        double[] y = new double[T * B * H];
        store.Bind(n.Pass, [8, 6, 7], T);
        n.Pass.Forward(n.X(1), []);
        n.Pass.ClearInitialStates();
        n.Pass.Forward(n.X(3), []);
        store.Bind(n.Pass, [8, 6, 7], T);
        n.Pass.Forward(n.X(2), y);
        var first = n.Right(n.X(1));
        AssertSame(y, n.Right(n.X(2), h0: first.Hn, c0: first.Cn).Y);
    }

    /// <summary>What a slot held before is nobody's: a key that is opened, reset or restored without c starts from zero there.</summary>
    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void SlotsAreClearedForTheNext(string device)
    {
        using SmallNetwork n = new(device, layers: 2, options: new());
        using StateStore<double, int> store = new(n.Network, 1);
        double[] full = Numbers.Random(2 * H, 1), h = new double[2 * H], c = new double[2 * H];
        store.Restore(1, full, full);
        store.Remove(1);
        store.Open(2);
        store.Read(2, h, c);
        Assert.That(h.Concat(c), Is.All.Zero, "opened");
        store.Restore(2, full, full);
        store.Restore(2, full);
        store.Read(2, h, c);
        Assert.That(h, Is.EqualTo(full));
        Assert.That(c, Is.All.Zero, "restored without c");
        store.Restore(2, full, full);
        store.Read(2, h, c);
        Assert.That(c, Is.EqualTo(full));
        store.Reset(2);
        store.Read(2, h, c);
        Assert.That(h.Concat(c), Is.All.Zero, "reset");
    }

    [Test]
    public void ARefusedBindingChangesNothing()
    {
        using SmallNetwork n = new("cpu", options: new());
        using SmallNetwork other = new("cpu", options: new());
        using StateStore<double, int> store = new(n.Network, 4);
        for (int key = 0; key < 4; key++) store.Open(key);
        double[] y = new double[T * B * H];
        store.Bind(n.Pass, [0, 1, 2], T);
        foreach (Action refused in new Action[]
        {
            () => store.Bind(n.Pass, [0, 1, 2], T, [1, T + 1, 1]), () => store.Bind(n.Pass, [0, 1, 2], T, [1, -1, 1]), () =>
                store.Bind(n.Pass, [0, 1], T, [1]),
            () => store.Bind(n.Pass, [0, 1, 2], T + 1), () => store.Bind(n.Pass, [0, 1, 2, 3], T), () => store.Bind(n.Pass, [], T),
            () => store.Bind(n.Pass, [0, 0], T), () => store.Bind(n.Pass, [0, 9], T), () => store.Bind(other.Pass, [0], T),
            () => store.Restore(0, new double[1]), () => store.Restore(9, new double[H]), () => store.Open(0),
        }) Assert.That(() => refused(), Throws.TypeOf<BadArgumentException>());
        Assert.That(n.Pass.Sequences, Is.EqualTo(3));
        n.Pass.Forward(n.X(1), y);
        AssertSame(y, n.Right(n.X(1)).Y);
        double[] h = new double[H];
        store.Read(1, h);
        Assert.That(h, Is.EqualTo(n.Right(n.X(1)).Hn[H..(2 * H)]).Within(1e-12), "the binding is as it was");
        Assert.That(store.Count, Is.EqualTo(4));
    }

    /// <summary>A sequence that has no new element keeps its states.</summary>
    [Test]
    public void SequencesWithoutElementsStay()
    {
        using SmallNetwork n = new("cpu", options: new());
        using StateStore<double, int> store = new(n.Network, 2);
        double[] full = Numbers.Random(H, 1), h = new double[H], c = new double[H];
        store.Restore(1, full, full);
        store.Open(2);
        store.Bind(n.Pass, [2, 1], T, [2, 0]);
        n.Pass.Forward(n.X(1, T, 2), []);
        store.Read(1, h, c);
        Assert.That((h, c), Is.EqualTo((full, full)));
    }
}

using GpuRnn.Memory;
using GpuRnn.State;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    PassOrigin<E> origin, ranOrigin;
    long originVersion, ranOriginVersion;
    int finalSequences;
    DeviceArray<int>? storeSlots;

    long LengthOfH => (long)network.Options.Layers * network.DirectionCount * Sequences * network.SizeOfH;
    long LengthOfC => (long)network.Options.Layers * network.DirectionCount * Sequences * network.SizeOfC;

    /// <summary>In inference a bound store's states are read and written where they are.</summary>
    bool StatesAreInStore => ranOrigin.Store is not null && !options.Training;

    /// <summary>Sequences start from zero states; so they do after planning.</summary>
    public void ClearInitialStates()
    {
        using Guard.Scope scope = guard.Enter();
        StartFrom(default);
    }

    /// <summary>Sequences start from these states.</summary>
    /// <param name="h0">[layers * directions, B, R].</param>
    /// <param name="c0">The same for c; empty for cells that have none, or for zero.</param>
    public void SetInitialStates(ReadOnlySpan<E> h0, ReadOnlySpan<E> c0 = default)
    {
        using Guard.Scope scope = guard.Enter();
        CheckExact(h0.Length, LengthOfH, "h0");
        CheckC(c0.Length, "c0");
        Device.Upload(h0, memory.H0);
        if (network.HasC && c0.Length > 0) Device.Upload(c0, memory.C0);
        else if (network.HasC) Device.Clear(memory.C0);
        StartFrom(new(true, Sequences, null, 0));
    }

    /// <summary>[layers * directions, B, R] The initial h on the device: write here and call <see cref="UseInitialStates"/>.</summary>
    public ArrayView<E> InitialH => Alive(memory.H0);

    /// <summary>The same for c; empty for cells that have none.</summary>
    public ArrayView<E> InitialC => Alive(memory.C0);

    /// <summary>Sequences start from what is in <see cref="InitialH"/> and <see cref="InitialC"/>.</summary>
    public void UseInitialStates()
    {
        using Guard.Scope scope = guard.Enter();
        StartFrom(new(true, Sequences, null, 0));
    }

    /// <summary>Sequences start from where the last batch ended (truncated backpropagation through time).</summary>
    /// <exception cref="InvalidOperationException">No batch of this number of sequences
    /// went before; or it was a store's, which carries its states itself.</exception>
    public void CarryStates()
    {
        using Guard.Scope scope = guard.Enter();
        if (finalSequences != Sequences)
            throw new InvalidOperationException(
                $"There are no states of {Sequences} sequences to carry: the last batch had {finalSequences}.");
        Copy(memory.Hn, memory.H0, LengthOfH);
        if (network.HasC) Copy(memory.Cn, memory.C0, LengthOfC);
        StartFrom(new(true, Sequences, null, 0));
    }

    /// <summary>The one place where sequences' origin changes within a batch: rows of states are the batch's own again.</summary>
    void StartFrom(PassOrigin<E> next)
    {
        if (origin.Store is not null && !options.Training) batch.UseOwnSlots();
        (origin, originVersion) = (next, originVersion + 1);
    }

    /// <summary>Counts how often the origin of states was set: a bridge knows by that whether a run began with its states.</summary>
    internal long OriginVersion => originVersion;
    internal long RanOriginVersion => ranOriginVersion;

    /// <summary>Copies the final states out.</summary>
    /// <param name="hn">[layers * directions, B, R].</param>
    /// <param name="cn">The same for c, or empty.</param>
    public void GetFinalStates(Span<E> hn, Span<E> cn = default)
    {
        using Guard.Scope scope = guard.Enter();
        CheckFinalStates();
        CheckExact(hn.Length, LengthOfH, "hn");
        CheckC(cn.Length, "cn");
        Device.Download(memory.Hn, hn);
        Device.Download(memory.Cn, cn);
    }

    /// <exception cref="InvalidOperationException">The final states in memory are not the current batch's.</exception>
    internal void CheckFinalStates()
    {
        CheckRows();
        if (StatesAreInStore) throw new InvalidOperationException("The states of this batch are in its store: read them there.");
    }

    void CheckC(int length, string what)
    {
        if (length > 0 && !network.HasC) throw new BadArgumentException($"The cell {network.Cell} has no c; leave {what} out.");
        if (length > 0) CheckExact(length, LengthOfC, what);
    }

    /// <summary>The next batch is these sequences of a store.</summary>
    internal void Bind(StateSlabs<E> slabs, ReadOnlySpan<int> slots, int steps, ReadOnlySpan<int> given)
    {
        using Guard.Scope scope = guard.Enter();
        if (slabs.Network != network) throw new BadArgumentException("The store belongs to another network than the pass.");
        CheckShape(steps, slots.Length);
        if (given.Length > 0) CheckLengths(steps, given);
        if (given.Length > 0 && given.Length != slots.Length)
            throw new BadArgumentException($"There are {slots.Length} keys and {given.Length} lengths.");
        Span<int> all = lengths.AsSpan(0, slots.Length);
        if (given.Length > 0) given.CopyTo(all);
        else all.Fill(steps);
        // in training the backward pass needs the states that the forward pass began with: they are copied, and slots are the batch's own
        Set(steps, all, options.Training ? default : slots);
        (origin, originVersion) = (new(false, slots.Length, slabs, slabs.Version), originVersion + 1);
        if (!options.Training) return;
        storeSlots ??= new(Device, MaxSequences);
        Device.Upload(slots, storeSlots.View);
    }

    /// <summary>In training the run begins with copies, for its backward pass needs them whatever becomes of the originals.</summary>
    void FetchStates()
    {
        if (!options.Training) return;
        if (origin.Given)
        {
            Copy(memory.H0, memory.RunH0, LengthOfH);
            if (network.HasC) Copy(memory.C0, memory.RunC0, LengthOfC);
        }
        if (origin.Store is not { } store) return;
        for (int l = 0; l < network.Options.Layers; l++)
        {
            store.Gather(store.H(l), storeSlots!.View, LayerH(memory.RunH0, l), Sequences, network.SizeOfH);
            if (network.HasC) store.Gather(store.C(l), storeSlots.View, LayerC(memory.RunC0, l), Sequences, network.SizeOfC);
        }
    }

    /// <summary>Copies the new states back to a bound store, for training.</summary>
    void ReturnStates()
    {
        if (!options.Training || origin.Store is not { } store) return;
        for (int l = 0; l < network.Options.Layers; l++)
        {
            store.Scatter(store.H(l), storeSlots!.View, LayerH(memory.Hn, l), Sequences, network.SizeOfH);
            if (network.HasC) store.Scatter(store.C(l), storeSlots.View, LayerC(memory.Cn, l), Sequences, network.SizeOfC);
        }
    }

    void Copy(ArrayView<E> from, ArrayView<E> to, long length) => to.SubView(0, length).CopyFrom(Device.Stream, from.SubView(0, length));

    /// <summary>A layer's and direction's part of an array of states of so many elements each.</summary>
    ArrayView<E> LayerStates(ArrayView<E> all, int at, int size)
    {
        long length = (long)Sequences * size;
        return all.Length == 0 ? default : all.SubView(at * length, length);
    }

    ArrayView<E> LayerH(ArrayView<E> all, int at) => LayerStates(all, at, network.SizeOfH);
    ArrayView<E> LayerC(ArrayView<E> all, int at) => LayerStates(all, at, network.SizeOfC);

    void States(LayerPass<E> pass, int at)
    {
        if (StatesAreInStore)
        {
            StateSlabs<E> store = origin.Store!;
            pass.States(store.H(at), store.C(at), store.H(at), store.C(at));
            return;
        }
        bool zero = !origin.Given && origin.Store is null;
        (ArrayView<E> h0, ArrayView<E> c0) = zero ? default : options.Training ? (memory.RunH0, memory.RunC0) : (memory.H0, memory.C0);
        pass.States(LayerH(h0, at), LayerC(c0, at), LayerH(memory.Hn, at), LayerC(memory.Cn, at));
    }
}

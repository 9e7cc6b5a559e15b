using GpuRnn.Memory;
using GpuRnn.State;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    bool hasInitial;
    int initialSequences;
    long storeVersion;
    StateSlabs<E>? store;
    DeviceArray<int>? storeSlots;

    long StateLength => (long)network.Options.Layers * network.DirectionCount * Sequences * network.HiddenSize;

    /// <summary>Sequences start from zero states; so they do after planning.</summary>
    public void ClearInitialStates() => (hasInitial, store) = (false, null);

    /// <summary>Sequences start from these states.</summary>
    /// <param name="h0">[layers * directions, B, H].</param>
    /// <param name="c0">The same for c; empty for cells that have none, or for zero.</param>
    public void SetInitialStates(ReadOnlySpan<E> h0, ReadOnlySpan<E> c0 = default)
    {
        using Usage.Scope scope = Enter();
        CheckExact(h0.Length, StateLength, "h0");
        if (!network.HasC && c0.Length > 0) throw new GpuRnnException($"The cell {network.Cell} has no c; leave c0 out.");
        if (c0.Length > 0) CheckExact(c0.Length, StateLength, "c0");
        Device.Upload(h0, memory.H0);
        if (network.HasC && c0.Length > 0) Device.Upload(c0, memory.C0);
        else if (network.HasC) memory.C0.MemSetToZero(Device.Stream);
        (hasInitial, initialSequences, store) = (true, Sequences, null);
    }

    /// <summary>[layers * directions, B, H] The initial h on the device: write here and call <see cref="UseInitialStates"/>.</summary>
    public ArrayView<E> InitialH => Alive(memory.H0);

    /// <summary>The same for c; empty for cells that have none.</summary>
    public ArrayView<E> InitialC => Alive(memory.C0);

    /// <summary>Sequences start from what is in <see cref="InitialH"/> and <see cref="InitialC"/>.</summary>
    public void UseInitialStates()
    {
        using Usage.Scope scope = Enter();
        (hasInitial, initialSequences, store) = (true, Sequences, null);
    }

    /// <summary>Sequences start from where the last batch ended (truncated backpropagation through time).</summary>
    /// <exception cref="InvalidOperationException">No batch of this number of sequences
    /// went before; or it was a store's, which carries its states itself.</exception>
    public void CarryStates()
    {
        using Usage.Scope scope = Enter();
        if (ranSequences != Sequences)
            throw new InvalidOperationException($"There are no states of {Sequences} sequences to carry: the last batch had {ranSequences}.");
        memory.H0.SubView(0, StateLength).CopyFrom(Device.Stream, memory.Hn.SubView(0, StateLength));
        if (network.HasC) memory.C0.SubView(0, StateLength).CopyFrom(Device.Stream, memory.Cn.SubView(0, StateLength));
        (hasInitial, initialSequences, store) = (true, Sequences, null);
    }

    /// <summary>Copies the final states out.</summary>
    /// <param name="hn">[layers * directions, B, H].</param>
    /// <param name="cn">The same for c, or empty.</param>
    public void GetFinalStates(Span<E> hn, Span<E> cn = default)
    {
        using Usage.Scope scope = Enter();
        ThrowIfNotRun();
        if (store is not null && !options.Training) throw new InvalidOperationException("The states of this batch are in its store: read them there.");
        CheckExact(hn.Length, StateLength, "hn");
        if (cn.Length > 0) CheckExact(cn.Length, network.HasC ? StateLength : 0, "cn");
        Device.Download(memory.Hn, hn);
        Device.Download(memory.Cn, cn);
    }

    /// <summary>The next batch is these sequences of a store.</summary>
    internal void Bind(StateSlabs<E> slabs, ReadOnlySpan<int> slots, int steps, ReadOnlySpan<int> given)
    {
        using Usage.Scope scope = Enter();
        if (slabs.Network != network) throw new GpuRnnException("The store belongs to another network than the pass.");
        CheckShape(steps, slots.Length);
        if (given.Length > 0) CheckLengths(steps, given);
        if (given.Length > 0 && given.Length != slots.Length) throw new GpuRnnException($"There are {slots.Length} keys and {given.Length} lengths.");
        Span<int> all = lengths.AsSpan(0, slots.Length);
        if (given.Length > 0) given.CopyTo(all);
        else all.Fill(steps);
        // in training the backward pass needs the states that the forward pass began with: they are copied, and slots are the batch's own
        Set(steps, all, options.Training ? default : slots);
        (store, storeVersion, hasInitial, initialSequences) = (slabs, slabs.Version, true, slots.Length);
        if (!options.Training) return;
        storeSlots ??= new(Device, MaxSequences);
        Device.Upload(slots, storeSlots.View);
    }

    /// <summary>Checks that a bound store is as it was, and copies its states in, for training.</summary>
    void FetchStates()
    {
        if (store is not null && store.Version != storeVersion)
            throw new InvalidOperationException(
                "A sequence of the store has been removed, or the store disposed, since the pass was bound to it: "
                + "bind it again.");
        if (store is null || !options.Training) return;
        for (int l = 0; l < network.Options.Layers; l++)
        {
            store.Gather(store.H(l), storeSlots!.View, LayerStates(memory.H0, l), Sequences);
            if (network.HasC) store.Gather(store.C(l), storeSlots.View, LayerStates(memory.C0, l), Sequences);
        }
    }

    /// <summary>Copies the new states back to a bound store, for training.</summary>
    void ReturnStates()
    {
        if (store is null || !options.Training) return;
        for (int l = 0; l < network.Options.Layers; l++)
        {
            store.Scatter(store.H(l), storeSlots!.View, LayerStates(memory.Hn, l), Sequences);
            if (network.HasC) store.Scatter(store.C(l), storeSlots.View, LayerStates(memory.Cn, l), Sequences);
        }
    }

    ArrayView<E> LayerStates(ArrayView<E> all, int at)
    {
        long length = (long)Sequences * network.HiddenSize;
        return all.Length == 0 ? default : all.SubView(at * length, length);
    }

    void States(LayerPass<E> pass, int at)
    {
        if (store is not null && !options.Training)
        {
            pass.States(store.H(at), store.C(at), store.H(at), store.C(at));
            return;
        }
        pass.States(hasInitial ? LayerStates(memory.H0, at) : default, hasInitial ? LayerStates(memory.C0, at) : default,
            LayerStates(memory.Hn, at), LayerStates(memory.Cn, at));
    }

    static void CheckExact(long length, long expected, string what)
    {
        if (length != expected) throw new GpuRnnException($"{what} has {length} elements; the batch needs {expected}.");
    }

    void ThrowIfNotRun()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ran) throw new InvalidOperationException("The forward pass has not been run on this batch.");
    }
}

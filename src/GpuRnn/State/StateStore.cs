using GpuRnn.Layers;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.State;

/// <summary>
/// Keeps h and c of many live sequences on the device, under keys of the caller's. <see cref="Bind"/> points a pass at any subset of them:
/// its next forward pass goes on from their states, writes the new ones back in place, and leaves all others untouched.
/// </summary>
/// <remarks>
/// A pass for training keeps the states that it started from until its backward pass, so truncated backpropagation through time is
/// Bind, Forward, Backward, and again. One thread at a time, as the network.
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TKey">The keys.</typeparam>
public sealed class StateStore<E, TKey> : IDisposable where E : unmanaged, IFloatingPointIeee754<E> where TKey : notnull
{
    readonly Slabs slabs;
    readonly Dictionary<TKey, int> slots = [];
    readonly Stack<int> free;
    readonly int[] bound;
    readonly bool[] taken;
    readonly E[] zeros;
    readonly Guard guard;

    sealed class Slabs(Recurrent<E> network, int capacity) : StateSlabs<E>(network, capacity);

    /// <summary>A store for up to `capacity` live sequences; its memory is made here.</summary>
    /// <param name="network">The network that they run through.</param>
    /// <param name="capacity">Live sequences, at most.</param>
    /// <exception cref="BadArgumentException">The network reads in two directions or backwards: the end of a live sequence is not known
    /// yet, so nothing can start there.</exception>
    public StateStore(Recurrent<E> network, int capacity)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Options.Directions != Directions.Forward)
            throw new BadArgumentException(
                $"A store cannot serve a network that reads {network.Options.Directions}: the reverse direction starts at a sequence's "
                + $"end, which a live sequence does not have yet.");
        if (capacity < 1) throw new BadArgumentException($"A store for {capacity} sequences cannot be: at least 1.");
        guard = new(this, network.Parameters.Usage, network.Guard);
        using Guard.Scope scope = guard.Enter();
        slabs = new(network, capacity);
        free = new(Enumerable.Range(0, capacity).Reverse());
        bound = new int[capacity];
        taken = new bool[capacity];
        zeros = new E[Math.Max(network.SizeOfH, network.SizeOfC)];
    }

    /// <summary>Live sequences.</summary>
    public int Count
    {
        get
        {
            using Guard.Scope scope = guard.Enter();
            return slots.Count;
        }
    }

    /// <summary>The keys of the live sequences, as they are now: the program may open and remove while it goes through them.</summary>
    public IReadOnlyList<TKey> Keys
    {
        get
        {
            using Guard.Scope scope = guard.Enter();
            return [.. slots.Keys];
        }
    }

    /// <summary>Live sequences, at most.</summary>
    public int Capacity => slabs.Capacity;

    /// <summary>Is a sequence of this key alive?</summary>
    public bool Contains(TKey key)
    {
        using Guard.Scope scope = guard.Enter();
        return slots.ContainsKey(key);
    }

    /// <summary>Starts a sequence with zero states.</summary>
    /// <exception cref="BadArgumentException">The key is alive, or the store is full.</exception>
    public void Open(TKey key)
    {
        using Guard.Scope scope = guard.Enter();
        if (slots.ContainsKey(key)) throw new BadArgumentException($"Sequence '{key}' is open already. Reset it to start anew.");
        if (!free.TryPop(out int slot))
            throw new BadArgumentException($"The store is full: {Capacity} sequences are open. Remove one, or make a larger store.");
        slots.Add(key, slot);
        Clear(slot);
    }

    /// <summary>Puts a sequence back to zero states.</summary>
    /// <exception cref="BadArgumentException">There is no such sequence.</exception>
    public void Reset(TKey key)
    {
        using Guard.Scope scope = guard.Enter();
        Clear(SlotOf(key));
    }

    /// <summary>Ends a sequence.</summary>
    /// <exception cref="BadArgumentException">There is no such sequence.</exception>
    public void Remove(TKey key)
    {
        using Guard.Scope scope = guard.Enter();
        free.Push(SlotOf(key));
        slabs.Version++;
        slots.Remove(key);
    }

    /// <summary>Copies a sequence's states out.</summary>
    /// <param name="key">The sequence.</param>
    /// <param name="h">[layers, R].</param>
    /// <param name="c">[layers, H], or empty.</param>
    public void Read(TKey key, Span<E> h, Span<E> c = default)
    {
        using Guard.Scope scope = guard.Enter();
        int slot = SlotOf(key), sizeH = slabs.Network.SizeOfH, sizeC = slabs.Network.SizeOfC;
        Check(h.Length, c.Length);
        for (int l = 0; l < slabs.Network.Options.Layers; l++)
        {
            slabs.Network.Device.Download(Row(slabs.H(l), slot, sizeH), h.Slice(l * sizeH, sizeH));
            if (c.Length > 0) slabs.Network.Device.Download(Row(slabs.C(l), slot, sizeC), c.Slice(l * sizeC, sizeC));
        }
    }

    /// <summary>Sets a sequence's states, opening it if it is not alive.</summary>
    /// <param name="key">The sequence.</param>
    /// <param name="h">[layers, R].</param>
    /// <param name="c">[layers, H]; empty for cells that have none, or for zero.</param>
    public void Restore(TKey key, ReadOnlySpan<E> h, ReadOnlySpan<E> c = default)
    {
        using Guard.Scope scope = guard.Enter();
        Check(h.Length, c.Length);
        if (!Contains(key)) Open(key);
        int slot = SlotOf(key), sizeH = slabs.Network.SizeOfH, sizeC = slabs.Network.SizeOfC;
        Clear(slot);
        for (int l = 0; l < slabs.Network.Options.Layers; l++)
        {
            slabs.Network.Device.Upload(h.Slice(l * sizeH, sizeH), Row(slabs.H(l), slot, sizeH));
            if (c.Length > 0) slabs.Network.Device.Upload(c.Slice(l * sizeC, sizeC), Row(slabs.C(l), slot, sizeC));
        }
    }

    /// <summary>Points a pass at sequences of this store.</summary>
    /// <param name="pass">A pass of the same network.</param>
    /// <param name="keys">The sequences, in the order of the pass's arrays; none twice.</param>
    /// <param name="steps">T of the arrays.</param>
    /// <param name="lengths">[B] New elements of each, from 0 to T; empty for T.</param>
    /// <exception cref="BadArgumentException">A key is not alive or stands twice, or the batch does not fit the pass.</exception>
    public void Bind(Pass<E> pass, ReadOnlySpan<TKey> keys, int steps, ReadOnlySpan<int> lengths = default)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using Guard.Scope scope = guard.Enter();
        if (keys.Length > Capacity)
            throw new BadArgumentException($"{keys.Length} keys are more than the store holds ({Capacity}): one stands twice.");
        try
        {
            for (int i = 0; i < keys.Length; i++)
            {
                bound[i] = SlotOf(keys[i]);
                if (taken[bound[i]]) throw new BadArgumentException($"Sequence '{keys[i]}' stands twice in one batch.");
                taken[bound[i]] = true;
            }
        }
        finally
        {
            Array.Clear(taken);
        }
        pass.Bind(slabs, bound.AsSpan(0, keys.Length), steps, lengths);
    }

    int SlotOf(TKey key) =>
        slots.TryGetValue(key, out int slot) ? slot : throw new BadArgumentException($"There is no open sequence '{key}'. Open it first.");

    void Clear(int slot)
    {
        // zeros are copied: ILGPU's memset of a part of a buffer fails on OpenCL
        int sizeH = slabs.Network.SizeOfH, sizeC = slabs.Network.SizeOfC;
        for (int l = 0; l < slabs.Network.Options.Layers; l++)
        {
            slabs.Network.Device.Upload(zeros.AsSpan(0, sizeH), Row(slabs.H(l), slot, sizeH));
            if (slabs.Network.HasC) slabs.Network.Device.Upload(zeros.AsSpan(0, sizeC), Row(slabs.C(l), slot, sizeC));
        }
    }

    static ArrayView<E> Row(ArrayView<E> slab, int slot, int size) => slab.SubView((long)slot * size, size);

    void Check(int h, int c)
    {
        int lengthOfH = slabs.Network.Options.Layers * slabs.Network.SizeOfH,
            lengthOfC = slabs.Network.Options.Layers * slabs.Network.SizeOfC;
        if (h != lengthOfH || c != 0 && c != lengthOfC)
            throw new BadArgumentException(
                $"States of {h} and {c} elements do not fit; the network has {lengthOfH} in h "
                + $"and {(slabs.Network.HasC ? $"{lengthOfC} in" : "no")} c.");
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(slabs.Free);
}

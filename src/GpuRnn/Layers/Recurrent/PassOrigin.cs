using GpuRnn.State;

namespace GpuRnn.Layers;

/// <summary>The states that sequences start from: zeros, the pass's initial states, or those of a store.</summary>
/// <param name="Given">Are they the pass's initial states?</param>
/// <param name="Sequences">Of how many sequences.</param>
/// <param name="Store">The store; null if none.</param>
/// <param name="Version">The store's version when the pass was bound to it.</param>
readonly record struct PassOrigin<E>(bool Given, int Sequences, StateSlabs<E>? Store, long Version)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Does it fit a new batch? States of another number of sequences do not, and a store's are bound anew.</summary>
    public bool Fits(int sequences) => Store is null && Sequences == sequences;

    /// <exception cref="InvalidOperationException">The store is no longer what the pass was bound to.</exception>
    public void Check()
    {
        if (Store is not null && Store.Version != Version)
            throw new InvalidOperationException(
                "A sequence of the store has been removed, or the store disposed, since the pass was bound to it: bind it again.");
    }
}

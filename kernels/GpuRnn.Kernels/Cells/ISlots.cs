using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>Memory whose numbered places hold a lane each: an address on a CPU, a view and an index on a GPU.</summary>
/// <typeparam name="L">The lane.</typeparam>
interface ISlotMemory<L> where L : struct, ILane<L>
{
    /// <summary>Reads the lane of a slot.</summary>
    L Load(int slot);
    /// <summary>Writes the lane of a slot.</summary>
    void Store(int slot, L value);
}

/// <summary>
/// The slots of a hidden unit (see <see cref="IStage"/>) and, in a product, the accumulators of one row. A cell with more slots a
/// stage than the types made of Slots.template needs more lines there; nothing else counts them.
/// </summary>
/// <typeparam name="TSelf">The slots themselves.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public interface ISlots<TSelf, L>
    where TSelf : struct, ISlots<TSelf, L>
    where L : struct, ILane<L>
{
    /// <summary>How many there are.</summary>
    internal static abstract int Count { get; }

    /// <summary>Slots [first, first + count) from places 0, 1, ... of memory; the others are undefined.</summary>
    internal static abstract TSelf Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>;

    /// <summary>Slots [first, first + count) to places 0, 1, ... of memory.</summary>
    internal static abstract void Store<M>(M memory, TSelf slots, int first, int count) where M : struct, ISlotMemory<L>;

    /// <summary>sum + w * x in slots [first, first + count); the others stay as they are.</summary>
    internal static abstract TSelf Fma(TSelf sum, TSelf w, L x, int first, int count);
}

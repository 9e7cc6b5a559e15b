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

    /// <summary>sum + a * x.A + b * x.B + c * x.C + d * x.D in slots [first, first + count), where a slot has an x of its own.</summary>
    internal static abstract TSelf Dot<M>(TSelf sum, TSelf a, TSelf b, TSelf c, TSelf d, M x, int first, int count)
        where M : struct, ISlotQuads<L>;

    /// <summary>The sum of slots [first, first + count), from the first on.</summary>
    internal static abstract L Sum(TSelf slots, int first, int count);

    /// <summary>A function of the same slot of both, for each.</summary>
    internal static abstract TSelf Zip<F>(TSelf a, TSelf b, F function) where F : struct, ISlotFunction<L>;
}

/// <summary>A function of two lanes: a type, so that it is inlined.</summary>
/// <typeparam name="L">The lane.</typeparam>
interface ISlotFunction<L> where L : struct, ILane<L>
{
    /// <summary>Its value.</summary>
    L Of(L a, L b);
}

/// <summary>Four lanes for each slot.</summary>
/// <typeparam name="L">The lane.</typeparam>
interface ISlotQuads<L> where L : struct, ILane<L>
{
    /// <summary>Those of a slot.</summary>
    LaneQuad<L> Load(int slot);
}

/// <summary>Four lanes.</summary>
/// <typeparam name="L">The lane.</typeparam>
struct LaneQuad<L> where L : struct, ILane<L>
{
    public L A, B, C, D;

    /// <summary>sum + a * x.A + b * x.B + c * x.C + d * x.D.</summary>
    public static L Dot(L sum, L a, L b, L c, L d, LaneQuad<L> x) =>
        L.Fma(d, x.D, L.Fma(c, x.C, L.Fma(b, x.B, L.Fma(a, x.A, sum))));
}

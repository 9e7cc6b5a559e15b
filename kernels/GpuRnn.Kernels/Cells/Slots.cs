using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>Memory whose numbered places hold a lane each: an address on a CPU, a view and an index on a GPU.</summary>
/// <typeparam name="L">The lane.</typeparam>
public interface ISlotMemory<L> where L : struct, ILane<L>
{
    /// <summary>Reads the lane of a slot.</summary>
    L Load(int slot);
    /// <summary>Writes the lane of a slot.</summary>
    void Store(int slot, L value);
}

/// <summary>
/// The slots of a hidden unit (see <see cref="IStage"/>) and, in a product, the accumulators of one row. A cell with more slots a
/// stage than the types below needs one more type here; nothing else counts them.
/// </summary>
/// <typeparam name="TSelf">The slots themselves.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
public interface ISlots<TSelf, L>
    where TSelf : struct, ISlots<TSelf, L>
    where L : struct, ILane<L>
{
    /// <summary>How many there are.</summary>
    static abstract int Count { get; }

    /// <summary>Slots [first, first + count) from places 0, 1, ... of memory; the others are undefined.</summary>
    static abstract TSelf Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>;

    /// <summary>Slots [first, first + count) to places 0, 1, ... of memory.</summary>
    static abstract void Store<M>(M memory, TSelf slots, int first, int count) where M : struct, ISlotMemory<L>;

    /// <summary>sum + w * x in slots [first, first + count); the others stay as they are.</summary>
    static abstract TSelf Fma(TSelf sum, TSelf w, L x, int first, int count);
}

/// <summary>One slot.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Slots1<L> : ISlots<Slots1<L>, L> where L : struct, ILane<L>
{
    /// <summary>Slot 0.</summary>
    public L A;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots1<L> Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>
    {
        Slots1<L> slots = default;
        if (first <= 0 && first + count > 0) slots.A = memory.Load(0 - first);
        return slots;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<M>(M memory, Slots1<L> slots, int first, int count) where M : struct, ISlotMemory<L>
    {
        if (first <= 0 && first + count > 0) memory.Store(0 - first, slots.A);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots1<L> Fma(Slots1<L> sum, Slots1<L> w, L x, int first, int count)
    {
        if (first <= 0 && first + count > 0) sum.A = L.Fma(w.A, x, sum.A);
        return sum;
    }
}

/// <summary>Two slots.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Slots2<L> : ISlots<Slots2<L>, L> where L : struct, ILane<L>
{
    /// <summary>Slot 0.</summary>
    public L A;
    /// <summary>Slot 1.</summary>
    public L B;

    /// <inheritdoc/>
    public static int Count => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>
    {
        Slots2<L> slots = default;
        if (first <= 0 && first + count > 0) slots.A = memory.Load(0 - first);
        if (first <= 1 && first + count > 1) slots.B = memory.Load(1 - first);
        return slots;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<M>(M memory, Slots2<L> slots, int first, int count) where M : struct, ISlotMemory<L>
    {
        if (first <= 0 && first + count > 0) memory.Store(0 - first, slots.A);
        if (first <= 1 && first + count > 1) memory.Store(1 - first, slots.B);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> Fma(Slots2<L> sum, Slots2<L> w, L x, int first, int count)
    {
        if (first <= 0 && first + count > 0) sum.A = L.Fma(w.A, x, sum.A);
        if (first <= 1 && first + count > 1) sum.B = L.Fma(w.B, x, sum.B);
        return sum;
    }
}

/// <summary>Three slots.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Slots3<L> : ISlots<Slots3<L>, L> where L : struct, ILane<L>
{
    /// <summary>Slot 0.</summary>
    public L A;
    /// <summary>Slot 1.</summary>
    public L B;
    /// <summary>Slot 2.</summary>
    public L C;

    /// <inheritdoc/>
    public static int Count => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots3<L> Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>
    {
        Slots3<L> slots = default;
        if (first <= 0 && first + count > 0) slots.A = memory.Load(0 - first);
        if (first <= 1 && first + count > 1) slots.B = memory.Load(1 - first);
        if (first <= 2 && first + count > 2) slots.C = memory.Load(2 - first);
        return slots;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<M>(M memory, Slots3<L> slots, int first, int count) where M : struct, ISlotMemory<L>
    {
        if (first <= 0 && first + count > 0) memory.Store(0 - first, slots.A);
        if (first <= 1 && first + count > 1) memory.Store(1 - first, slots.B);
        if (first <= 2 && first + count > 2) memory.Store(2 - first, slots.C);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots3<L> Fma(Slots3<L> sum, Slots3<L> w, L x, int first, int count)
    {
        if (first <= 0 && first + count > 0) sum.A = L.Fma(w.A, x, sum.A);
        if (first <= 1 && first + count > 1) sum.B = L.Fma(w.B, x, sum.B);
        if (first <= 2 && first + count > 2) sum.C = L.Fma(w.C, x, sum.C);
        return sum;
    }
}

/// <summary>Four slots.</summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Slots4<L> : ISlots<Slots4<L>, L> where L : struct, ILane<L>
{
    /// <summary>Slot 0.</summary>
    public L A;
    /// <summary>Slot 1.</summary>
    public L B;
    /// <summary>Slot 2.</summary>
    public L C;
    /// <summary>Slot 3.</summary>
    public L D;

    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots4<L> Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L>
    {
        Slots4<L> slots = default;
        if (first <= 0 && first + count > 0) slots.A = memory.Load(0 - first);
        if (first <= 1 && first + count > 1) slots.B = memory.Load(1 - first);
        if (first <= 2 && first + count > 2) slots.C = memory.Load(2 - first);
        if (first <= 3 && first + count > 3) slots.D = memory.Load(3 - first);
        return slots;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<M>(M memory, Slots4<L> slots, int first, int count) where M : struct, ISlotMemory<L>
    {
        if (first <= 0 && first + count > 0) memory.Store(0 - first, slots.A);
        if (first <= 1 && first + count > 1) memory.Store(1 - first, slots.B);
        if (first <= 2 && first + count > 2) memory.Store(2 - first, slots.C);
        if (first <= 3 && first + count > 3) memory.Store(3 - first, slots.D);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots4<L> Fma(Slots4<L> sum, Slots4<L> w, L x, int first, int count)
    {
        if (first <= 0 && first + count > 0) sum.A = L.Fma(w.A, x, sum.A);
        if (first <= 1 && first + count > 1) sum.B = L.Fma(w.B, x, sum.B);
        if (first <= 2 && first + count > 2) sum.C = L.Fma(w.C, x, sum.C);
        if (first <= 3 && first + count > 3) sum.D = L.Fma(w.D, x, sum.D);
        return sum;
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>Which of the stacked gates a slot belongs to.</summary>
interface IGates { static abstract int Gate(int slot); }

/// <summary>In W_ih.</summary>
readonly struct InputGates<G> : IGates where G : struct, IStage { public static int Gate(int slot) => G.InputGate(slot); }

/// <summary>In W_hh.</summary>
readonly struct HiddenGates<G> : IGates where G : struct, IStage { public static int Gate(int slot) => G.HiddenGate(slot); }

/// <summary>Slots [first, ...) of one unit and column in a stacked gradient: written, or added to what is there.</summary>
readonly struct GradientMemory<E, L, TGates>(Buffer<E> gradient, int first, int gateStride, int at, int add) : ISlotMemory<L>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TGates : struct, IGates
{
    readonly Buffer<E> gradient = gradient;
    readonly int first = first, gateStride = gateStride, at = at, add = add;

    public L Load(int slot) => L.Of(gradient[at + TGates.Gate(first + slot) * gateStride]);

    public void Store(int slot, L value)
    {
        int to = at + TGates.Gate(first + slot) * gateStride;
        gradient[to] = L.Value(add != 0 ? L.Of(gradient[to]) + value : value);
    }
}

/// <summary>The slots of [first, first + count) of one unit in a stacked bias gradient; the others are dropped.</summary>
readonly struct BiasMemory<E, L, TGates>(Buffer<E> gradient, int first, int count, int hidden, int unit, int add) : ISlotMemory<L>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TGates : struct, IGates
{
    readonly Buffer<E> gradient = gradient;
    readonly int first = first, count = count, hidden = hidden, unit = unit, add = add;

    public L Load(int slot) => L.Splat(0);

    public void Store(int slot, L value)
    {
        if (slot < first || slot >= first + count) return;
        int to = TGates.Gate(slot) * hidden + unit;
        gradient[to] = L.Value(add != 0 ? L.Of(gradient[to]) + value : value);
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
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

/// <summary>Zeros.</summary>
readonly struct ZeroMemory<L> : ISlotMemory<L> where L : struct, ILane<L>
{
    public L Load(int slot) => L.Splat(0);
    public void Store(int slot, L value) { }
}

/// <summary>Slots of a thread in the group's memory.</summary>
readonly struct GroupSlots<E, L>(GroupMemory memory, int thread) : ISlotMemory<L>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    readonly GroupMemory memory = memory;
    readonly int thread = thread;

    public L Load(int slot) => L.Of(memory.Of<E>()[slot * PortableShape.Threads + thread]);
    public void Store(int slot, L value) => memory.Of<E>()[slot * PortableShape.Threads + thread] = L.Value(value);
}

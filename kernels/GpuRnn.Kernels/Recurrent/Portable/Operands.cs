using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>x.</summary>
readonly struct InputRow<E, L> : IOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    public E At(in SequenceArguments<E> a, int r, int step, int k) => a.X[(a.Start[r] + step * a.RowStep) * a.XStride + k];
}

/// <summary>What the hidden product reads: h of the step before, or what the stage before made.</summary>
readonly struct StageOperand<E, L, TPlace> : IOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TPlace : struct, IPlace
{
    public E At(in SequenceArguments<E> a, int r, int step, int k) => TPlace.IsFirst
        ? HiddenRow<E, L>.Read(a, r, step, k)
        : TPlace.Of(in a).Operand[(a.Offset[step] + r) * TPlace.Of(in a).Operands + k];
}

/// <summary>h of the step before.</summary>
static class HiddenRow<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    public static E Read(in SequenceArguments<E> a, int r, int step, int k)
    {
        if (step > 0) return a.Y[(a.Start[r] + (step - 1) * a.RowStep) * a.YStride + k];
        return a.H0.Length > 0 ? a.H0[a.Slot[r] * a.Outputs + k] : L.Value(L.Splat(0));
    }
}

/// <summary>Gate gradients of slots [first, first + count): k runs over panels, slots and units of a panel.</summary>
readonly struct GateRow<E, G, L>(Buffer<G> gates, int slots, int first, int count) : IOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where G : unmanaged, IStored<G, E> where L : struct, IScalar<L, E>
{
    readonly Buffer<G> gates = gates;
    readonly int slots = slots, first = first, count = count, share = 65536 / (count > 0 ? count : 1) + 1;

    public E At(in SequenceArguments<E> a, int r, int step, int k)
    {
        // vector / count, which for a count of 3 would be a division: right for 16384 vectors, and 32-bit indices end before half as many
        int vector = k / PortableShape.Width, panel = vector * share >> 16, slot = first + vector - panel * count;
        int gateRow = panel * a.PanelStride + (a.Offset[step] + r) * PortableShape.Width;
        return G.Value(gates[gateRow * slots + slot * PortableShape.Width + (k & PortableShape.Width - 1)]);
    }
}

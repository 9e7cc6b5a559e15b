using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The last stage of an <see cref="IProjectedCell{L, TCell}"/>: h is the product itself.</summary>
struct ProjectionStage<L> : IEquations<L, Slots1<L>, NoSlots<L>, NoSlots<L>, NoSlots<L>> where L : struct, ILane<L>
{
    public static int InputCount => 0;
    public static int HiddenCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots1<L> slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> state) =>
        state.H = slots.A;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref Slots1<L> slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> grad, State<L> previous, State<L> now)
    {
        slots.A = grad.H;
        grad.H = L.Splat(0);
    }
}

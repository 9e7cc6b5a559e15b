using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The only stage of an <see cref="ICell{L, S}"/>.</summary>
struct OneStage<L, S, TCell> : IEquations<L, S, NoSlots<L>, NoSlots<L>, NoSlots<L>>, IFilledBy<TCell>
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where TCell : struct, ICell<L, S>
{
    public static bool HasC => TCell.HasC;
    public static bool CarriesH => TCell.CarriesH;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> state) =>
        TCell.Forward(ref slots, ref state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref S slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref slots, ref grad, previous, now);
}

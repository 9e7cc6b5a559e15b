using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The only stage of an <see cref="ICell{L, S, P}"/>.</summary>
struct UnitStage<L, S, P, TCell> : IEquations<L, S, NoSlots<L>, P, NoSlots<L>>, IFilledBy<TCell>
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where P : struct, ISlots<P, L>
    where TCell : struct, ICell<L, S, P>
{
    public static bool HasC => TCell.HasC;
    public static bool CarriesH => TCell.CarriesH;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S slots, ref NoSlots<L> before, P unit, NoSlots<L> row, ref State<L> state) =>
        TCell.Forward(ref slots, unit, ref state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref S slots, ref NoSlots<L> before, P unit, NoSlots<L> row, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref slots, unit, ref grad, previous, now);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P UnitGradient(S slots, State<L> previous, State<L> now) => TCell.UnitGradient(slots, previous, now);
}

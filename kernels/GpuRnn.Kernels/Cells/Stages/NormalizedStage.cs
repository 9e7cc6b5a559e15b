using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The only stage of an <see cref="INormalizedCell{L, S, P, R}"/>.</summary>
struct NormalizedStage<L, S, P, R, TCell> : IEquations<L, S, NoSlots<L>, P, R>, IFilledBy<TCell>
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where P : struct, ISlots<P, L>
    where R : struct, ISlots<R, L>
    where TCell : struct, INormalizedCell<L, S, P, R>
{
    public static bool HasC => TCell.HasC;
    public static bool CarriesH => TCell.CarriesH;
    public static int Rounds => TCell.Rounds;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S slots, ref NoSlots<L> before, P unit, R row, ref State<L> state) =>
        TCell.Forward(ref slots, unit, row, ref state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref S slots, ref NoSlots<L> before, P unit, R row, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref slots, unit, row, ref grad, previous, now);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static P UnitGradient(S slots, State<L> previous, State<L> now) => TCell.UnitGradient(slots, previous, now);

    public static R Term(int round, S slots, R row) => TCell.Term(round, slots, row);
    public static R Settle(int round, R sums, L units, R row) => TCell.Settle(round, sums, units, row);
    public static R GradientTerm(S slots, P unit, R row) => TCell.GradientTerm(slots, unit, row);
    public static void Through(ref S slots, P unit, R row, R sums, L units) => TCell.Through(ref slots, unit, row, sums, units);
}

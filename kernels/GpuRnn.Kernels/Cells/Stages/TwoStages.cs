using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The first stage of an <see cref="ITwoStageCell{L, S1, S2, G1, G2}"/>: it makes q.</summary>
struct InnerStage<L, S1, S2, G1, G2, TCell> : IEquations<L, S1, NoSlots<L>, NoSlots<L>, NoSlots<L>>, IFilledBy<G1>
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TCell : struct, ITwoStageCell<L, S1, S2, G1, G2>
{
    public static bool CarriesH => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S1 slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> state) =>
        state.H = TCell.Inner(ref slots, state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref S1 slots, ref NoSlots<L> before, NoSlots<L> unit, NoSlots<L> row, ref State<L> grad, State<L> previous, State<L> now) =>
        grad.H = TCell.InnerBackward(ref slots, grad.H, previous);
}

/// <summary>The second stage of an <see cref="ITwoStageCell{L, S1, S2, G1, G2}"/>.</summary>
struct OuterStage<L, S1, S2, G1, G2, TCell> : IEquations<L, S2, S1, NoSlots<L>, NoSlots<L>>, IFilledBy<G2>
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TCell : struct, ITwoStageCell<L, S1, S2, G1, G2>
{
    public static bool ReadsBefore => true;
    public static bool HasC => TCell.HasC;
    // the first stage adds to what this one leaves
    public static bool CarriesH => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S2 slots, ref S1 before, NoSlots<L> unit, NoSlots<L> row, ref State<L> state) =>
        TCell.Forward(ref before, ref slots, ref state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(
        ref S2 slots, ref S1 before, NoSlots<L> unit, NoSlots<L> row, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref before, ref slots, ref grad, previous, now);
}

using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>A step as tiles see it: one or two stages. The two adapters below make it from a cell.</summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="S1">Slots of the first stage.</typeparam>
/// <typeparam name="S2">Slots of the second stage.</typeparam>
public interface IStep<L, S1, S2> : ICell
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
{
    /// <summary>1 or 2.</summary>
    static abstract int Stages { get; }
    /// <summary>See <see cref="ITwoStageCell{L, S1, S2, G1, G2}.Inner"/>.</summary>
    static abstract L Inner(ref S1 first, State<L> previous);
    /// <summary>The whole step of a one-stage cell, the rest of it of a two-stage cell.</summary>
    static abstract void Forward(ref S1 first, ref S2 second, ref State<L> state);
    /// <summary>The gradient of <see cref="Forward"/>.</summary>
    static abstract void Backward(ref S1 first, ref S2 second, ref State<L> grad, State<L> previous, State<L> now);
    /// <summary>See <see cref="ITwoStageCell{L, S1, S2, G1, G2}.InnerBackward"/>.</summary>
    static abstract L InnerBackward(ref S1 first, L dq, State<L> previous);
}

/// <summary>The step of a one-stage cell.</summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="S">Slots of the cell.</typeparam>
/// <typeparam name="TCell">The cell.</typeparam>
public struct OneStage<L, S, TCell> : IStep<L, S, Slots1<L>>
    where L : struct, ILane<L>
    where S : struct, ISlots<S, L>
    where TCell : struct, ICell<L, S>
{
    /// <inheritdoc/>
    public static int Gates => TCell.Gates;
    /// <inheritdoc/>
    public static bool HasC => TCell.HasC;
    /// <inheritdoc/>
    public static bool CarriesH => TCell.CarriesH;
    /// <inheritdoc/>
    public static bool HasHiddenBias => TCell.HasHiddenBias;
    /// <inheritdoc/>
    public static int Stages => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Inner(ref S first, State<L> previous) => previous.H;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S first, ref Slots1<L> second, ref State<L> state) => TCell.Forward(ref first, ref state);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref S first, ref Slots1<L> second, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref first, ref grad, previous, now);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L InnerBackward(ref S first, L dq, State<L> previous) => dq;
}

/// <summary>The step of a two-stage cell.</summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="S1">Slots of the first stage.</typeparam>
/// <typeparam name="S2">Slots of the second stage.</typeparam>
/// <typeparam name="G1">How the first product fills its slots.</typeparam>
/// <typeparam name="G2">How the second product fills its slots.</typeparam>
/// <typeparam name="TCell">The cell.</typeparam>
public struct TwoStages<L, S1, S2, G1, G2, TCell> : IStep<L, S1, S2>
    where L : struct, ILane<L>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TCell : struct, ITwoStageCell<L, S1, S2, G1, G2>
{
    /// <inheritdoc/>
    public static int Gates => TCell.Gates;
    /// <inheritdoc/>
    public static bool HasC => TCell.HasC;
    /// <inheritdoc/>
    public static bool CarriesH => TCell.CarriesH;
    /// <inheritdoc/>
    public static bool HasHiddenBias => TCell.HasHiddenBias;
    /// <inheritdoc/>
    public static int Stages => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Inner(ref S1 first, State<L> previous) => TCell.Inner(ref first, previous);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref S1 first, ref S2 second, ref State<L> state) => TCell.Forward(ref first, ref second, ref state);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref S1 first, ref S2 second, ref State<L> grad, State<L> previous, State<L> now) =>
        TCell.Backward(ref first, ref second, ref grad, previous, now);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L InnerBackward(ref S1 first, L dq, State<L> previous) => TCell.InnerBackward(ref first, dq, previous);
}

/// <summary>The second stage that a one-stage cell does not have.</summary>
public struct NoStage : IStage
{
    /// <inheritdoc/>
    public static int InputFirst => 0;
    /// <inheritdoc/>
    public static int InputCount => 0;
    /// <inheritdoc/>
    public static int HiddenFirst => 0;
    /// <inheritdoc/>
    public static int HiddenCount => 0;
    /// <inheritdoc/>
    public static int InputGate(int slot) => 0;
    /// <inheritdoc/>
    public static int HiddenGate(int slot) => 0;
}

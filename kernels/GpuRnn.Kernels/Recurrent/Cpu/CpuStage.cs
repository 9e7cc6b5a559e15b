using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>
/// A stage on ILGPU's CPU accelerator, over vectors of any width. [IntrinsicImplementation] keeps ILGPU's front end from
/// translating a body; the CPU accelerator runs the .NET method itself, so addresses and vectors are allowed in it. The launch is one
/// group whose threads are the workers: groups of a grid do not run at the same time there, threads of a group do.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="W">How packed weights are stored.</typeparam>
/// <typeparam name="G">How gates are stored.</typeparam>
/// <typeparam name="L">What the equations are evaluated on: a vector, or four of them.</typeparam>
/// <typeparam name="C">The vector of products whose columns are not gates: dh and dx.</typeparam>
/// <typeparam name="S">Its slots.</typeparam>
/// <typeparam name="B">Slots of the stage before.</typeparam>
/// <typeparam name="P">Parameters of a unit.</typeparam>
/// <typeparam name="R">Statistics of a row.</typeparam>
/// <typeparam name="TStage">The equations.</typeparam>
/// <typeparam name="TPlace">Where it stands in the step.</typeparam>
/// <typeparam name="TInput">Dense, projected or indices.</typeparam>
[SkipLocalsInit]
unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput> : IStageTile<E, CpuWorker>
    where E : unmanaged, IFloatingPointIeee754<E>
    where W : unmanaged, IStored<W, E>
    where G : unmanaged, IStored<G, E>
    where L : struct, IVector<L, E>
    where C : struct, IVector<C, E>
    where S : struct, ISlots<S, L>
    where B : struct, ISlots<B, L>
    where P : struct, ISlots<P, L>
    where R : struct, ISlots<R, L>
    where TStage : struct, IEquations<L, S, B, P, R>
    where TPlace : struct, IPlace
    where TInput : struct, IInput
{
    [IntrinsicImplementation]
    public static int Panels(in SequenceArguments<E> a) => TPlace.Of(in a).Panels;

    /// <summary>Is the product of x made with each step?</summary>
    static bool Dense => !TInput.IsIndex && !Projected && TStage.InputCount > 0;

    /// <summary>Was it made before, for many steps?</summary>
    static bool Projected => TInput.IsProjected && TStage.InputCount > 0 && G.IsPlain;

    /// <summary>Is it a gathered column?</summary>
    static bool Indexed => TInput.IsIndex && TStage.InputCount > 0;

    /// <summary>Do x and h feed the same slots, so that one product takes both?</summary>
    static bool Joined => Dense && TStage.InputFirst == TStage.HiddenFirst && TStage.InputCount == TStage.HiddenCount;

    /// <summary>Has a panel all its units?</summary>
    static bool Full(in SequenceArguments<E> a, int panel) => TPlace.Of(in a).Units - panel * L.Width >= L.Width;

    /// <summary>The row of x, y and their gradients for a sequence at a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint RowOf(in SequenceArguments<E> a, int r, int step) => Native.Address(a.Start)[r] + (nint)step * a.RowStep;

    /// <summary>Padding stands behind a sequence in both directions: the row that the forward direction would read at this step.</summary>
    static nint PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : Native.Address(a.Start)[r] + (nint)(Native.Address(a.Length)[r] - 1 - step) * a.RowStep;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int GateRow(in SequenceArguments<E> a, int r, int step) => Native.Address(a.Offset)[step] + r;

    /// <summary>A panel's slots of a gate row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static G* Gates(in SequenceArguments<E> a, int panel, int gateRow) =>
        (G*)TPlace.Of(in a).Gates.Address + ((nint)panel * a.PanelStride + (nint)gateRow * L.Width) * S.Count;

    /// <summary>The same of the stage before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static G* GatesBefore(in SequenceArguments<E> a, int panel, int gateRow) =>
        (G*)TPlace.Of(in a).Before.Address + ((nint)panel * a.PanelStride + (nint)gateRow * L.Width) * B.Count;

    /// <summary>
    /// A row of what the hidden product reads: h of the step before, or what the stage before made; null where h0 is zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static E* OperandRow(in SequenceArguments<E> a, int r, int step) => TPlace.IsFirst
        ? HiddenBefore(a, r, step)
        : Native.Address(TPlace.Of(in a).Operand) + (nint)GateRow(a, r, step) * TPlace.Of(in a).Operands;

    /// <summary>h of the step before: the row of y, at step 0 that of h0, or null where h0 is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static E* HiddenBefore(in SequenceArguments<E> a, int r, int step) => step > 0
        ? Native.Address(a.Y) + RowOf(a, r, step - 1) * a.YStride
        : a.H0.Address == 0 ? null : Native.Address(a.H0) + (nint)Native.Address(a.Slot)[r] * a.Outputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L LoadOrZero<TEdge>(E* row, int unit, int count) where TEdge : struct, IEdge =>
        row == null ? L.Splat(0) : TEdge.Load<E, L>(row + unit, count);

    /// <summary>A panel's parameters of units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static P UnitOf(in SequenceArguments<E> a, int panel) =>
        P.Load(new Pointer<E, L> { At = Native.Address(TPlace.Of(in a).Unit) + panel * P.Count * L.Width }, 0, P.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch<T>(T* p, int lanes) where T : unmanaged
    {
        for (int i = 0; i < lanes * L.Registers; i++) Native.Prefetch(p + i * (L.Width / L.Registers));
    }

    static void Carry(E* from, E* to, int count)
    {
        if (from == null) Native.Clear(to, count);
        else if (from != to) Native.Copy(from, to, count);
    }
}

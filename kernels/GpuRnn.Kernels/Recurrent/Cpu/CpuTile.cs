using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>
/// The tile of ILGPU's CPU accelerator, over vectors of any width. [IntrinsicImplementation] keeps ILGPU's front end from
/// translating a body; the CPU accelerator runs the .NET method itself, so addresses and vectors are allowed in it. The launch is one
/// group whose threads are the workers: groups of a grid do not run at the same time there, threads of a group do.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">What the cell is evaluated on: a vector, or four of them.</typeparam>
/// <typeparam name="C">The vector of products whose columns are not gates: dh and dx.</typeparam>
/// <typeparam name="S1">Slots of the first stage.</typeparam>
/// <typeparam name="S2">Slots of the second stage.</typeparam>
/// <typeparam name="G1">The first stage.</typeparam>
/// <typeparam name="G2">The second stage.</typeparam>
/// <typeparam name="TStep">The cell's step.</typeparam>
/// <typeparam name="TInput">Dense, projected or indices.</typeparam>
[SkipLocalsInit]
public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput> : ITile<E>
    where E : unmanaged
    where L : struct, IVector<L, E>
    where C : struct, IVector<C, E>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TStep : struct, IStep<L, S1, S2>
    where TInput : struct, IInput
{
    /// <inheritdoc/>
    public static int Width => L.Width;
    /// <inheritdoc/>
    public static int Stages => TStep.Stages;
    /// <inheritdoc/>
    public static bool WorkersMeet => true;
    /// <inheritdoc/>
    public static bool Projects => TInput.IsProjected;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static int Worker() => Group.IdxX;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static int Workers() => Group.DimX;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void SyncWorker() { } // a worker is one thread

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void SyncAll(in Buffer<int> barrier, int workers) =>
        CpuWorkers.Meet(Native.Address(barrier), workers);

    /// <summary>The row of x, y and their gradients for a sequence at a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint RowOf(in SequenceArguments<E> a, int r, int step) => Native.Address(a.Start)[r] + (nint)step * a.RowStep;

    /// <summary>A panel's slots of a gate row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static E* Gates<S>(in SequenceArguments<E> a, in StageArguments<E> stage, int panel, int gateRow) where S : struct, ISlots<S, L> =>
        Native.Address(stage.Gates) + ((nint)panel * a.PanelStride + (nint)gateRow * L.Width) * S.Count;

    /// <summary>h of the step before: the row of y, at step 0 that of h0, or null where h0 is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static E* HiddenBefore(in SequenceArguments<E> a, int r, int step) => step > 0
        ? Native.Address(a.Y) + RowOf(a, r, step - 1) * a.YStride
        : a.H0.Address == 0 ? null : Native.Address(a.H0) + (nint)Native.Address(a.Slot)[r] * a.H;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L LoadOrZero<TEdge>(E* row, int unit, int count) where TEdge : struct, IEdge =>
        row == null ? L.Splat(0) : TEdge.Load<E, L>(row + unit, count);
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// The tile of any GPU: plain code that ILGPU translates for OpenCL and CUDA, with group-shared memory and barriers, no warp shuffles.
/// A group of 64 threads is a worker: 16 hidden units by 4 times 4 rows, so a thread has 4 rows of one unit, all its slots in
/// registers. Groups never wait for each other inside a launch, for nothing promises that they run at the same time. Indices are
/// 32-bit.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="S1">Slots of the first stage.</typeparam>
/// <typeparam name="S2">Slots of the second stage.</typeparam>
/// <typeparam name="G1">The first stage.</typeparam>
/// <typeparam name="G2">The second stage.</typeparam>
/// <typeparam name="TStep">The cell's step.</typeparam>
/// <typeparam name="TInput">Dense or indices.</typeparam>
public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput> : ITile<E>
    where E : unmanaged
    where L : struct, IScalar<L, E>
    where S1 : struct, ISlots<S1, L>
    where S2 : struct, ISlots<S2, L>
    where G1 : struct, IStage
    where G2 : struct, IStage
    where TStep : struct, IStep<L, S1, S2>
    where TInput : struct, IInput
{
    /// <inheritdoc/>
    public static int Width => PortableShape.Width;
    /// <inheritdoc/>
    public static int Stages => TStep.Stages;
    /// <inheritdoc/>
    public static bool WorkersMeet => false;
    /// <inheritdoc/>
    public static bool Projects => false;
    /// <inheritdoc/>
    public static void Project(in SequenceArguments<E> a, in Part part, int first, int last) { }
    /// <inheritdoc/>
    public static int Worker() => Grid.IdxX;
    /// <inheritdoc/>
    public static int Workers() => Grid.DimX;

    /// <inheritdoc/>
    public static void SyncWorker()
    {
        MemoryFence.DeviceLevel();
        Group.Barrier();
    }

    /// <inheritdoc/>
    public static void SyncAll(in Buffer<int> barrier, int workers) => SyncWorker();

    /// <summary>This thread's unit in a panel.</summary>
    static int Lane => PortableShape.Lane;

    /// <summary>The first of this thread's rows in a tile.</summary>
    static int Row => PortableShape.Row;

    static int RowOf(in SequenceArguments<E> a, int r, int step) => a.Start[r] + step * a.RowStep;

    /// <summary>Padding stands behind a sequence in both directions.</summary>
    static int PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : a.Start[r] + (a.Length[r] - 1 - step) * a.RowStep;

    static ViewMemory<E, L> Gates<S>(in SequenceArguments<E> a, Buffer<E> gates, int panel, int gateRow, int lane) where S : struct, ISlots<S, L> =>
        new(gates, (panel * a.PanelStride + gateRow * PortableShape.Width) * S.Count + lane, PortableShape.Width);

    static L Hidden(in SequenceArguments<E> a, int r, int step, int unit) => L.Of(HiddenRow<E, L>.Read(a, r, step, unit));

    static E Zero => L.Value(L.Splat(0));
}

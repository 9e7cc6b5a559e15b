using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// A stage on any GPU: plain code that ILGPU translates for OpenCL and CUDA, with group-shared memory and barriers, no warp shuffles.
/// A group of 64 threads is a worker: 16 hidden units by 4 times 4 rows, so a thread has 4 rows of one unit, all its slots in
/// registers. Indices are 32-bit.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="W">How packed weights are stored.</typeparam>
/// <typeparam name="G">How gates are stored.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="S">Its slots.</typeparam>
/// <typeparam name="B">Slots of the stage before.</typeparam>
/// <typeparam name="P">Parameters of a unit.</typeparam>
/// <typeparam name="R">Statistics of a row.</typeparam>
/// <typeparam name="TStage">The equations.</typeparam>
/// <typeparam name="TPlace">Where it stands in the step.</typeparam>
/// <typeparam name="TInput">Dense or indices.</typeparam>
partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput> : IStageTile<E, PortableWorker>
    where E : unmanaged, IFloatingPointIeee754<E>
    where W : unmanaged, IStored<W, E>
    where G : unmanaged, IStored<G, E>
    where L : struct, IScalar<L, E>
    where S : struct, ISlots<S, L>
    where B : struct, ISlots<B, L>
    where P : struct, ISlots<P, L>
    where R : struct, ISlots<R, L>
    where TStage : struct, IEquations<L, S, B, P, R>
    where TPlace : struct, IPlace
    where TInput : struct, IInput
{
    public static int Panels(in SequenceArguments<E> a) => TPlace.Of(in a).Panels;

    /// <summary>No way of running on a GPU projects.</summary>
    public static void Project(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int first, int last) { }

    /// <summary>This thread's unit in a panel.</summary>
    static int Lane => PortableShape.Lane;

    /// <summary>The first of this thread's rows in a tile.</summary>
    static int Row => PortableShape.Row;

    static int Width => PortableShape.Width;

    static int RowOf(in SequenceArguments<E> a, int r, int step) => a.Start[r] + step * a.RowStep;

    /// <summary>Padding stands behind a sequence in both directions.</summary>
    static int PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : a.Start[r] + (a.Length[r] - 1 - step) * a.RowStep;

    static int GateRow(in SequenceArguments<E> a, int r, int step) => a.Offset[step] + r;

    /// <summary>This thread's slots of a gate row in a panel.</summary>
    static ViewMemory<G, E, L> Gates(in SequenceArguments<E> a, int panel, int gateRow) =>
        new(TPlace.Of(in a).Gates.As<G>(), (panel * a.PanelStride + gateRow * PortableShape.Width) * S.Count + Lane, PortableShape.Width);

    /// <summary>The same of the stage before.</summary>
    static ViewMemory<G, E, L> GatesBefore(in SequenceArguments<E> a, int panel, int gateRow) =>
        new(TPlace.Of(in a).Before.As<G>(), (panel * a.PanelStride + gateRow * PortableShape.Width) * B.Count + Lane, PortableShape.Width);

    static L Hidden(in SequenceArguments<E> a, int r, int step, int unit) => L.Of(HiddenRow<E, L>.Read(a, r, step, unit));

    /// <summary>The parameters of a unit of a panel.</summary>
    static P UnitOf(in SequenceArguments<E> a, int panel, int lane) =>
        P.Load(new ViewMemory<E, L>(TPlace.Of(in a).Unit, panel * P.Count * PortableShape.Width + lane, PortableShape.Width), 0, P.Count);

    /// <summary>The statistics of a row.</summary>
    static R StatisticsOf(in SequenceArguments<E> a, int r, int step) =>
        R.Load(new ViewMemory<E, L>(TPlace.Of(in a).Statistics, GateRow(a, r, step) * R.Count, 1), 0, R.Count);

    static E Zero => L.Value(L.Splat(0));
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// A stage on any GPU: plain code that ILGPU translates for OpenCL and CUDA, with group-shared memory and barriers, no warp shuffles.
/// A group is a worker: it makes a product of 16 hidden units and 16 rows, all slots of them, and then each of its threads has one unit of
/// one row. Indices are 32-bit.
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

    /// <summary>This thread's unit in a panel.</summary>
    static int Lane => PortableShape.Lane;

    /// <summary>This thread's row in a tile.</summary>
    static int Row => PortableShape.Row;

    static int Width => PortableShape.Width;

    static int RowOf(in SequenceArguments<E> a, int r, int step) => a.Start[r] + step * a.RowStep;

    /// <summary>Padding stands behind a sequence in both directions.</summary>
    static int PaddingRow(in SequenceArguments<E> a, int r, int step) => a.RowStep > 0
        ? RowOf(a, r, step)
        : a.Start[r] + (a.Length[r] - 1 - step) * a.RowStep;

    static int GateRow(in SequenceArguments<E> a, int r, int step) => a.Offset[step] + r;

    /// <summary>Slots of a unit at a gate row: slot 0 of it in an array of so many slots a unit.</summary>
    static int Place(in SequenceArguments<E> a, int unit, int gateRow, int slots) =>
        (unit / Width * a.PanelStride + gateRow * Width) * slots + (unit & Width - 1);

    /// <summary>Gates of a unit at a gate row.</summary>
    internal static ViewMemory<G, E, L> Gates(in SequenceArguments<E> a, int unit, int gateRow) =>
        new(TPlace.Of(in a).Gates.As<G>(), Place(in a, unit, gateRow, S.Count), Width);

    /// <summary>The same of the stage before.</summary>
    static ViewMemory<G, E, L> GatesBefore(in SequenceArguments<E> a, int unit, int gateRow) =>
        new(TPlace.Of(in a).Before.As<G>(), Place(in a, unit, gateRow, B.Count), Width);

    static L Hidden(in SequenceArguments<E> a, int r, int step, int unit) => L.Of(HiddenRow<E, L>.Read(a, r, step, unit));

    /// <summary>The parameters of a unit.</summary>
    internal static P UnitOf(in SequenceArguments<E> a, int unit) => P.Load(
        new ViewMemory<E, L>(TPlace.Of(in a).Unit, unit / Width * P.Count * Width + (unit & Width - 1), Width), 0, P.Count);

    /// <summary>The statistics of a row.</summary>
    static R StatisticsOf(in SequenceArguments<E> a, int r, int step) =>
        R.Load(new ViewMemory<E, L>(TPlace.Of(in a).Statistics, GateRow(a, r, step) * R.Count, 1), 0, R.Count);

    static E Zero => L.Value(L.Splat(0));
}

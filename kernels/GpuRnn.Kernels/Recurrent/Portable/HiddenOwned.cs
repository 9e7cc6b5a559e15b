namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>
/// A group owns one panel of hidden units in the launch of a stage of a step; as many as own the same panel share the sequences. With
/// fewer groups than panels, a group has several.
/// </summary>
struct HiddenOwned : IStrategy
{
    public static bool MeetsEachStage => false;

    public static Part PartOf<E>(in SequenceArguments<E> a, int panels, int worker, int workers)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        if (workers <= panels)
            return new() { Row1 = a.B, Panel0 = Part.Share(panels, worker, workers), Panel1 = Part.Share(panels, worker + 1, workers) };
        int shares = workers / panels, share = worker / panels, panel = worker - share * panels;
        int rows = (a.B + shares - 1) / shares, row0 = share * rows, row1 = row0 + rows;
        return new() { Row0 = row0 < a.B ? row0 : a.B, Row1 = row1 < a.B ? row1 : a.B, Panel0 = panel, Panel1 = panel + 1 };
    }
}

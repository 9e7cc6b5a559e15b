namespace GpuRnn.Layers;

/// <summary>How a layer wants a batch's rows.</summary>
/// <param name="Owners">Workers that sequences are shared out to by their lengths; 1 where workers own hidden units.</param>
/// <param name="Kept">Steps whose gate rows are kept in inference.</param>
readonly record struct RowSharing(int Owners, int Kept);

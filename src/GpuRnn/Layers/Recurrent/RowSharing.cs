namespace GpuRnn.Layers;

/// <summary>How a layer wants a batch's rows.</summary>
/// <param name="Owners">Workers, or groups of them, that sequences are shared out to by their lengths.</param>
/// <param name="Kept">Steps whose gate rows are kept in inference.</param>
readonly record struct RowSharing(int Owners, int Kept);

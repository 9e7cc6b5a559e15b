namespace GpuRnn.Measuring.Results;

/// <summary>
/// A row of `gpurnn bench --json`: the round whose share of the peak is the median, and the range of shares over all rounds; with
/// `--errors` also how right it is.
/// </summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Pass">forward or training.</param>
/// <param name="T">Steps.</param>
/// <param name="B">Sequences.</param>
/// <param name="I">Input size.</param>
/// <param name="H">Hidden units.</param>
/// <param name="Device">As `--device` takes it.</param>
/// <param name="Seconds">Of a call.</param>
/// <param name="Gflops">GFLOP/s of the gate products.</param>
/// <param name="PeakGflops">The peak beside them.</param>
/// <param name="Share">Of the peak.</param>
/// <param name="ShareMin">The least over rounds.</param>
/// <param name="ShareMax">The most over rounds.</param>
/// <param name="Strategy">How workers shared it.</param>
/// <param name="OutputError">max|y - y'| / max|y'|, y' in double precision.</param>
/// <param name="GradientError">The largest of the same for all gradients; null without a backward pass.</param>
/// <param name="Runs">Runs that were compared with each other.</param>
/// <param name="SameBits">Did all of them make the same bits?</param>
/// <param name="Tuned">On a CPU: did plans go by what `gpurnn tune` measured?</param>
/// <param name="Weights">How packed weights are stored, where that is not float.</param>
/// <param name="Ways">On a CPU, the ways of sharing it that there are, the one that is taken first.</param>
public sealed record EngineResult(string Cell, string Pass, int T, int B, int I, int H, string Device, double Seconds, double Gflops,
    double PeakGflops, double Share, double ShareMin, double ShareMax, string Strategy = "",
    double? OutputError = null, double? GradientError = null, int? Runs = null, bool? SameBits = null,
    IReadOnlyList<StudiedSharing>? Ways = null, bool? Tuned = null, string? Weights = null)
{
    public string Shape => $"{T}, {B}, {I}, {H}";

    /// <summary>The larger of both errors; none where none was measured.</summary>
    public double Error => Math.Max(OutputError ?? double.NaN, GradientError ?? 0);
}

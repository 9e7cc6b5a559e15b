namespace GpuRnn.Bench.Results;

/// <summary>A row of what `gpurnn bench --json` writes.</summary>
sealed record EngineResult(string Cell, string Pass, int T, int B, int I, int H, string Device, double Seconds, double Gflops,
    double PeakGflops, double Share, double ShareMin, double ShareMax)
{
    public string Shape => $"{T}, {B}, {I}, {H}";
}

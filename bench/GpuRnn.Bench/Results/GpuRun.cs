using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Results;

/// <summary>
/// gpu.json, the file of bench/gpu/run: what was tried on a card, and what came out. Of a step that failed there are no rows.
/// </summary>
sealed record GpuRun(string Date, string Commit, string Device, GpuMachine Machine, IReadOnlyList<GpuStep> Steps,
    IReadOnlyList<GpuDevice> Devices, GpuCheck? Check, GpuTests? Tests, IReadOnlyList<EngineResult> Engine,
    IReadOnlyList<GpuPeerResult> Peers, GpuVersions? Versions)
{
    /// <summary>What was measured on, in words.</summary>
    public string Name => Machine.Card ?? Machine.Processor;

    /// <summary>The device that was tried, if it was listed.</summary>
    public GpuDevice? Tried => Devices.FirstOrDefault(d => d.Id.Split(':')[0] == Device.Split(':')[0]);
}

/// <summary>Where it ran; no card and no driver in a rehearsal.</summary>
sealed record GpuMachine(string Processor, int Cores, string? Card, string? Driver, string Python);

/// <summary>PyTorch's; no cuDNN and no card in a rehearsal.</summary>
sealed record GpuVersions(string Torch, long? Cudnn, string? Card);

/// <summary>A row of `gpurnn devices --json`; no figures where it could not be opened.</summary>
sealed record GpuDevice(string Id, string Name, string Detail, double? PeakGflops, double? BandwidthGbs);

/// <summary>A step: "ok", or what became of it.</summary>
sealed record GpuStep(string Name, string Outcome, double Seconds, double Limit)
{
    public bool Ok => Outcome == "ok";
}

/// <summary>`gpurnn check --json`.</summary>
sealed record GpuCheck(bool Passed, IReadOnlyList<GpuCheckResult> Results);

/// <summary>A case of it.</summary>
sealed record GpuCheckResult(bool Passed, double Error);

/// <summary>The device tests.</summary>
sealed record GpuTests(int Passed, int Failed, int Skipped, IReadOnlyList<GpuFailure> Failures);

/// <summary>A test that failed.</summary>
sealed record GpuFailure(string Name, string Message);

/// <summary>A row of bench/gpu/peers.py: seconds and errors, or why there are none.</summary>
sealed record GpuPeerResult(string Cell, string Mode, string Pass, int T, int B, int I, int H, double? Seconds = null,
    double? OutputError = null, double? GradientError = null, string? Failure = null)
{
    public bool IsOf(EngineResult row) =>
        (Cell, Pass, T, B, I, H) == (row.Cell is "rnn_tanh" ? "rnn" : row.Cell, row.Pass, row.T, row.B, row.I, row.H);

    /// <summary>The larger of both errors.</summary>
    public double Error => Math.Max(OutputError ?? double.NaN, GradientError ?? 0);
}

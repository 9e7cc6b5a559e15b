using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>The lecture's lab: is a jet that of a top quark? Its constituents as a sequence, beside classical taggers.</summary>
sealed class JetsTask : TrainingTask
{
    public const string Constituents = "constituents", Jets = "jets";

    public override string Name => "jets";
    public override string Description =>
        "The lab: top quark or not? Jets as sequences of constituents, beside a cut on the mass and N-subjettiness.";
    public override string DataDescription =>
        "HDF5, Parquet or CSV with the columns of the Top Quark Tagging reference (E_0 PX_0 PY_0 PZ_0 ... is_signal_new); "
        + "without it, simulated jets.";

    public override IReadOnlyList<OwnOption> Options =>
    [
        OwnOption.Whole(Constituents, "Hardest constituents that are read", 1, 1000),
        OwnOption.Whole(Jets, "Jets to simulate to train on, or to read of a file in all", 200),
    ];

    public override TrainOptions Defaults(bool ownData) => new()
    {
        Hidden = 96, Batch = 128, Rate = 3e-3, Schedule = "warm-up:100+cosine", Horizon = ownData ? 10_000 : 3_000, Dropout = 0.1,
        Own = { [Constituents] = "40", [Jets] = ownData ? "400000" : "40000" },
    };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new JetsRun(
            device, options, JetData.Load(options.Data, options.Seed, options.Whole(Jets), cancel), new(options.Whole(Constituents)))
        { Cancel = cancel };
}

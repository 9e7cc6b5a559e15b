using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Pairs;

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Many-to-many over different lengths: a sentence in another language, by encoder, decoder and attention.</summary>
sealed class TranslationTask : TrainingTask
{
    public override string Name => "translation";
    public override string Description => "Many-to-many: translation by encoder, decoder and attention, searched with a beam.";
    public override string DataDescription =>
        "A UTF-8 file of lines SOURCE<TAB>TARGET, words separated by spaces; "
        + "without it, English and French from one grammar.";
    public const string Pairs = "pairs";
    public override IReadOnlyList<OwnOption> Options =>
        [.. PairRun.Options, OwnOption.Whole(Pairs, "Pairs to draw to train on, where there is no file", 100)];

    public override TrainOptions Defaults(bool ownData) => new()
    {
        Hidden = ownData ? 256 : 128, Batch = 64, Rate = 4e-3,
        Schedule = "warm-up:100+cosine", Horizon = 3000,
        Dropout = ownData ? 0.3 : 0, Smoothing = ownData ? 0.1 : 0,
        Own = { [PairRun.Embedding] = ownData ? "128" : "64", [PairRun.AttentionOption] = "additive", [PairRun.Beam] = "4",
            [Pairs] = "60000" },
    };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new TranslationRun(device, options,
            TranslationData.Load(options.Data, options.Seed, options.Whole(Pairs), cancel))
        { Cancel = cancel };
}

using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Pairs;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>One-to-many: a sentence that says what is on a picture.</summary>
sealed class CaptionsTask : TrainingTask
{
    public override string Name => "captions";
    public override string Description => "One-to-many: a sentence for a picture, by an encoder of its pieces, a decoder and attention.";
    public override string DataDescription =>
        "A folder of PNG files of one size with captions.tsv (FILE<TAB>CAPTION); without it, drawn scenes with their sentences.";
    public const string Pictures = "pictures";
    public override IReadOnlyList<OwnOption> Options =>
        [.. PairRun.Options, OwnOption.Whole(Pictures, "Pictures to draw to train on, where there is no folder", 100)];

    public override TrainOptions Defaults(bool ownData) => new()
    {
        Hidden = 192, Batch = 64, Rate = 3e-3, Schedule = "warm-up:100+cosine", Horizon = 5000, Memory = 25, Dropout = ownData ? 0.2 : 0.1,
        Own = { [PairRun.Embedding] = "64", [PairRun.AttentionOption] = "additive", [PairRun.Beam] = "3", [Pictures] = "60000" },
    };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new CaptionsRun(device, options, CaptionData.Load(options.Data, options.Seed, options.Whole(Pictures), cancel)) { Cancel = cancel };
}

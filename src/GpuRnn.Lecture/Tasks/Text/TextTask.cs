using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>Many-to-many, aligned: the next character of a text, by truncated backpropagation through time.</summary>
public sealed class TextTask : TrainingTask
{
    public const string Unroll = "unroll";

    public override string Name => "text";
    public override string Description => "Many-to-many: a character model, by truncated backpropagation through time.";
    public override string DataDescription => "A UTF-8 text file; without it, a grammar with long-range agreement whose entropy is known.";
    public override IReadOnlyList<OwnOption> Options => [OwnOption.Whole(Unroll, "Characters a step and stream", 1, 1 << 20)];

    /// <summary>
    /// The built-in grammar is learned by a smaller model; gates start with biases for its spans of up to 40 characters, and few long
    /// streams see most countries together with their far words: with 80 characters a step one seed in six settled for the near words
    /// and never found the far one.
    /// </summary>
    public override TrainOptions Defaults(bool ownData) => ownData
        ? new() { Hidden = 256, Rate = 5e-3, Schedule = "inverse:2000", Horizon = 8000, Own = { [Unroll] = "64" } }
        : new()
        {
            Hidden = 96, Batch = 16, Rate = 5e-3, Schedule = "inverse:2000", Horizon = 4000, Memory = 40,
            Own = { [Unroll] = "160" }
        };

    public override TaskRun Open(Device device, TrainOptions options, CancellationToken cancel) =>
        new TextRun(device, options, TextCorpus.Load(options.Data, options.Seed, cancel)) { Cancel = cancel };
}

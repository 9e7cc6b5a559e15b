using System.Globalization;
using GpuRnn.Cli.Reports;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>report.html of a run of `train text`.</summary>
static class TextReport
{
    public const string Name = "report.html";
    const int SampleLength = 600;

    /// <summary>Writes the report into the run's folder, after its training.</summary>
    public static void Write(TextRun run, TextOptions options, TextCorpus corpus, string folder)
    {
        string summary = $"{options.Layers} {options.Cell} layer{(options.Layers == 1 ? "" : "s")} of {options.Hidden} units, {run.Steps} steps on '{corpus.Name}': "
            + $"{F(run.TestNats, 4)} nats a character on text that was not trained on.";
        HtmlReport report = new("A character model", summary);
        string floor = corpus.Grammar is { } g ? $"floor {F(g.NatsPerCharacter, 4)}" : "";
        report.Tile("Test loss", F(run.TestNats, 4), "nats a character", floor);
        report.Tile("Validation loss", F(run.ValidationNats, 4), "nats a character", floor);
        if (corpus.Grammar is { } grammar) report.Tile("Far word right", F(run.FarWordAccuracy ?? double.NaN, 4), "share of far words", $"chance {F(grammar.ChanceAccuracy, 2)}");
        report.Tile("Speed", run.TokensPerSecond.ToString("N0", CultureInfo.InvariantCulture), "characters a second");
        report.Tile("Training", F(run.Seconds, 0), "seconds");

        ReportSection loss = report.Section("Training").Chart(LossCurve.Chart(run.Curve, corpus.Grammar?.NatsPerCharacter));
        if (corpus.Grammar is not null) loss.Text("The text is drawn from a grammar whose entropy is known: no model can be below it, and one that reaches it has learned all there is.");
        report.Section("What it writes").Text("Drawn character by character, at temperature 0.8.").Sample(run.Sample(SampleLength));
        report.Command(CommandOf(options, run.Steps)).Metrics(run.Metrics());
        report.Write(Path.Combine(folder, Name));
    }

    static string CommandOf(TextOptions o, int steps)
    {
        string data = o.Data is null ? "" : $" --data {Quote(o.Data)}";
        return $"gpurnn train text{data} --cell {o.Cell} --hidden {o.Hidden} --layers {o.Layers} --batch {o.Batch} --unroll {o.Unroll} "
            + string.Create(CultureInfo.InvariantCulture, $"--rate {o.Rate} --clip {o.Clip} --memory {o.Memory} --seed {o.Seed} --steps {steps}");
    }

    // a path as a shell takes it
    static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-".Contains(c)) ? path : $"'{path.Replace("'", "'\\''")}'";

    static string F(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}

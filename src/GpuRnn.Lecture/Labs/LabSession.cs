using System.Diagnostics;
using System.Globalization;
using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Labs;

/// <summary>`gpurnn lab LAB` once its options are settled: the lab, and metrics.json, pictures and report.html in a folder.</summary>
public sealed class LabSession
{
    readonly Lab lab;
    readonly LabOptions options;
    readonly RunFolder folder;

    /// <exception cref="GpuRnnException">The folder holds a trained model.</exception>
    public LabSession(Lab lab, LabOptions options, RunFolder folder)
    {
        (this.lab, this.options, this.folder) = (lab, options, folder);
        folder.RefuseRun();
    }

    /// <summary>Measures and writes.</summary>
    /// <param name="say">How far it is, from 0 to 1, and with what.</param>
    /// <param name="cancel">Ends it soon; then nothing is written.</param>
    public RunOutcome Run(Action<double, string> say, CancellationToken cancel)
    {
        RunOutcome outcome = new(folder, new($"lab {lab.Name}", lab.Description)) { Metrics = { ["lab"] = lab.Name } };
        Stopwatch clock = Stopwatch.StartNew();
        lab.Run(options, outcome, say, cancel);
        cancel.ThrowIfCancellationRequested();
        folder.Make();
        outcome.Metrics["seconds"] = clock.Elapsed.TotalSeconds;
        outcome.Save(CommandLine());
        return outcome;
    }

    string CommandLine()
    {
        IEnumerable<string> own = options.Given.Select(o => $"--{o.Name} {Shell.Quote(o.Value)}");
        string[] seed = options.Seed == 1 ? [] : [string.Create(CultureInfo.InvariantCulture, $"--seed {options.Seed}")];
        string[] device = options.Device is null ? [] : [$"--device {Shell.Quote(options.Device)}"];
        return string.Join(' ', [$"gpurnn lab {lab.Name}", .. own, .. seed, .. device]);
    }
}

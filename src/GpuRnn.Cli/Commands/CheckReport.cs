using GpuRnn.Cli.Checking;
using GpuRnn.Measuring.Tables;
using GpuRnn.Programs;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>Runs checks, shows how far they are, and says what came of them.</summary>
sealed class CheckReport(bool json, CancellationToken cancel)
{
    readonly List<CheckResult> results = [];

    public List<SkippedCase> Skipped { get; } = [];

    public void Run(IEnumerable<(string Name, Func<IEnumerable<CheckResult>> Check)> checks)
    {
        var all = checks.ToArray();
        Screen.Progress(json, tell =>
        {
            for (int i = 0; i < all.Length; i++)
            {
                tell((double)i / all.Length, all[i].Name);
                foreach (CheckResult result in all[i].Check())
                {
                    results.Add(result);
                    cancel.ThrowIfCancellationRequested();
                }
            }
        });
    }

    /// <summary>Returns the exit code.</summary>
    public int Write()
    {
        bool passed = results.All(r => r.Passed);
        if (json) WriteJson(passed);
        else WriteTable();
        return passed ? 0 : ExitCode.Failed;
    }

    void WriteJson(bool passed) => Screen.WriteJson(new
    {
        passed,
        results = results.Select(r => new
        {
            r.Case, r.Cell, r.Device, r.Precision, r.Strategy, r.Passed,
            WorstTensor = r.Worst.Name, r.Worst.Error, r.Worst.Bound,
            Tensors = r.Tensors.Select(t => new { t.Name, t.Error, t.Bound, t.Produced, t.Passed }),
        }),
        skipped = Skipped,
    });

    void WriteTable()
    {
        string[] devices = [.. results.Select(r => r.Device).Distinct()];
        Table table = Screen.Table("case", "cell", "strategy", " outputs", " gradients", "worst tensor", "verdict");
        foreach (CheckResult r in results)
        {
            string name = devices.Length > 1 ? $"{r.Device} {r.Case}" : r.Case;
            string output = Error(r.WorstOf(gradient: false)), gradient = Error(r.WorstOf(gradient: true));
            string[] row = [name, r.Cell, $"{r.Strategy}", output, gradient, r.Worst.Name];
            string why = r.Worst.Produced ? $"above {Figure.Error(r.Worst.Bound)}" : "not produced";
            string verdict = r.Passed ? "[green]passed[/]" : $"[red]FAILED: {why}[/]";
            table.AddRow([.. row.Select(Markup.Escape), verdict]);
        }
        foreach (SkippedCase s in Skipped) table.AddRow(Markup.Escape(s.Case), "", "", "", "", "", Markup.Escape($"skipped: {s.Reason}"));
        Screen.Write(table);
        int failed = results.Count(r => !r.Passed);
        string skipped = Skipped.Count > 0 ? $", {Skipped.Count} case{(Skipped.Count == 1 ? "" : "s")} skipped" : "";
        string what = $"{string.Join(", ", devices)}, {results[0].Precision}";
        Console.WriteLine($"{what}: {results.Count - failed} passed, {failed} failed{skipped}. Errors: max|a-b| / max|expected|.");
    }

    static string Error(TensorError? worst) => worst is null ? "" : worst.Produced ? Figure.Error(worst.Error) : "none";
}

using System.Text.Json;
using GpuRnn.Lecture.Runs;
using GpuRnn.Reports;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>What a run came to, on the screen.</summary>
static class OutcomeScreen
{
    /// <summary>Shows the measures as JSON, or as a table with what was written; warnings go to standard error.</summary>
    public static void Show(RunOutcome outcome, bool json)
    {
        foreach (string warning in outcome.Warnings) Screen.Warn(warning);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(outcome.Metrics, Json.Numbers));
            return;
        }
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value");
        foreach ((string name, string value)
            in outcome.Lines.Append(("written", $"{string.Join(", ", outcome.Files)} in {outcome.Folder.Path}")))
            table.AddRow(Screen.Literal(name), Screen.Literal(value));
        Screen.Write(table);
        if (outcome.Sample is { } sample) AnsiConsole.Write(new Panel(Screen.Literal(sample)).Header("a sample"));
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using GpuRnn.Programs;
using GpuRnn.Reports;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>What commands write to standard output: tables for people, or JSON alone.</summary>
static class Screen
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // an error may be NaN, and is then to be seen
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes JSON; names are camelCase where a type does not say otherwise.</summary>
    public static void WriteJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, s_json));

    /// <summary>Writes a table or a chart. Piped, it is as wide as it needs to be.</summary>
    public static void Write(Spectre.Console.Rendering.IRenderable what)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(what);
    }

    /// <summary>Text that others wrote, for a table or a panel: neither markup nor what a terminal obeys.</summary>
    public static string Literal(string text) => Markup.Escape(Escape.Clean(text));

    /// <summary>A line on standard error.</summary>
    public static void Warn(string message) => ErrorLine.Write("gpurnn", message);

    /// <summary>A table with right-aligned columns where the title begins with a space.</summary>
    public static Table Table(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in columns)
        {
            Justify side = column[0] == ' ' ? Justify.Right : Justify.Left;
            table.AddColumn(new TableColumn(Markup.Escape(column.Trim())) { Alignment = side, NoWrap = true });
        }
        return table;
    }

    /// <summary>Does something long; what it tells is shown on a terminal, and nowhere else.</summary>
    public static void Progress(bool json, Action<Action<double, string>> work)
    {
        if (json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            work((_, _) => { });
            return;
        }
        TaskDescriptionColumn text = new() { Alignment = Justify.Left };
        ProgressColumn[] columns = [text, new ProgressBarColumn(), new PercentageColumn()];
        AnsiConsole.Progress().AutoClear(true).Columns(columns).Start(context =>
        {
            ProgressTask task = context.AddTask("starting", maxValue: 1);
            work((share, what) => (task.Value, task.Description) = (share, Markup.Escape(what)));
        });
    }
}

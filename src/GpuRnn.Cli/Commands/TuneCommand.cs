using System.CommandLine;
using GpuRnn.Measuring.Tables;
using GpuRnn.Programs;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn tune`: measures what plans on a CPU are made from, and keeps it.</summary>
static class TuneCommand
{
    public static Command Create()
    {
        Option<string> device = new("--device") { Description = "cpu or cpu:N.", DefaultValueFactory = _ => "cpu" };
        Option<bool> json = new("--json") { Description = "JSON on standard output." };
        Command tune = new("tune", "Measure caches, barriers and launches of this CPU, for plans to go by from now on; some seconds.")
        { device, json };
        tune.SetAction((parse, cancel) =>
        {
            Run(parse.GetValue(device)!, parse.GetValue(json), cancel);
            return Task.FromResult(0);
        });
        return tune;
    }

    static void Run(string id, bool json, CancellationToken cancel)
    {
        using Device device = Device.Open(id, new() { UseTuning = false });
        string file = device.TuningFile ?? throw new GpuRnnException(
            $"--device is '{id}'; plans of a GPU need no tuning. It can be cpu or cpu:N.");
        IReadOnlyList<KeyValuePair<string, double>> speeds = [];
        Screen.Progress(json, tell => speeds = device.Tune(new Told(share => tell(share, "measuring")), cancel));
        if (json)
        {
            Screen.WriteJson(new Tuned(file, new(speeds)));
            return;
        }
        Table table = Screen.Table("what", " measured");
        foreach ((string name, double value) in speeds) table.AddRow(Markup.Escape(name.Replace('_', ' ')), Figure.Of(value));
        Screen.Write(table);
        Console.WriteLine("Levels in bytes; times in FMAs on a vector: of an FMA in a tile of so many rows, of a barrier, of a launch;");
        Console.WriteLine($"bandwidths in bytes in the time of one. Kept in {file}");
    }

    sealed record Tuned(string File, Dictionary<string, double> Speeds);

    /// <summary>Tells at once, on the thread that measures.</summary>
    sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}

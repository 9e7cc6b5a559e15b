using System.CommandLine;
using System.Text.Json.Serialization;
using GpuRnn.Devices;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Tables;
using GpuRnn.Programs;
using ILGPU.Runtime;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn devices`: what there is, and what it can do at most.</summary>
static class DevicesCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "JSON on standard output." };
        Command devices = new("devices", "List the devices of this machine, with measured peaks.") { json };
        devices.SetAction((parse, cancel) =>
        {
            Run(parse.GetValue(json), cancel);
            return Task.FromResult(0);
        });
        return devices;
    }

    static void Run(bool json, CancellationToken cancel)
    {
        List<Measured> all = [];
        List<string> notes = [];
        Screen.Progress(json, tell =>
        {
            IReadOnlyList<DeviceInfo> found = DeviceInfo.All();
            foreach (DeviceInfo info in found)
            {
                cancel.ThrowIfCancellationRequested();
                tell((double)all.Count / found.Count, $"measuring {info.Id}");
                all.Add(Measure(info, notes));
            }
        });
        if (json) Screen.WriteJson(all);
        else Screen.Write(TableOf(all));
        notes.AddRange(DeviceInfo.Missing().Select(said => $"{said.Key.ToString().ToLowerInvariant()}: {said.Value}"));
        foreach (string note in notes) (json ? Console.Error : Console.Out).WriteLine(note);
    }

    /// <summary>A device that cannot be opened, or fails, is there all the same, and why is worth more than its peaks.</summary>
    static Measured Measure(DeviceInfo info, List<string> notes)
    {
        Measured measured = new(info.Id, info.Kind, info.Name, info.MemoryBytes, info.Detail, null, null);
        try
        {
            using Device device = Device.Open(info.Id);
            using MachinePeak peak = new(device);
            double bandwidth = MachineBandwidth.Read(device, info.MemoryBytes);
            notes.AddRange(device.Diagnostics.Select(line => $"{info.Id}: {line}"));
            return measured with { PeakGflops = peak.ReadBest(), BandwidthGbs = bandwidth };
        }
        catch (GpuRnnException e)
        {
            notes.Add(e.Message);
        }
        catch (AcceleratorException e)
        {
            notes.Add($"The device '{info.Id}' ({info.Name}) failed: {TraceWords.Of(e)}");
        }
        return measured;
    }

    static Table TableOf(List<Measured> all)
    {
        Table table = Screen.Table("device", "name", "detail", " memory, GB", " FMA peak, GFLOP/s", " bandwidth, GB/s");
        foreach (Measured m in all)
        {
            string[] row = [m.Id, m.Name, m.Detail, F(m.MemoryBytes / 1e9, 1), F(m.PeakGflops, 0), F(m.BandwidthGbs, 1)];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        return table;
    }

    static string F(double? value, int digits) => value is double number ? Figure.Fixed(number, digits) : "-";

    sealed record Measured(string Id, DeviceKind Kind, string Name, long MemoryBytes, string Detail,
        [property: JsonPropertyName("peak_gflops")] double? PeakGflops, [property: JsonPropertyName("bandwidth_gbs")] double? BandwidthGbs);
}

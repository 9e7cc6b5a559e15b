using System.Globalization;
using System.Text;
using GpuRnn.Devices;
using GpuRnn.Devices.Machines;
using GpuRnn.Interop;
using Microsoft.Extensions.Logging;

namespace GpuRnn.Backends.Cpu.Speeds;

/// <summary>
/// Speeds that were measured, in the user's cache folder: a file a machine, number of workers and width of vectors, with a name and a
/// number a line, so that opening a device reads it in no time.
/// </summary>
static class SpeedFile
{
    const string FirstLine = "gpurnn speeds 1";

    /// <summary>What is known of this machine: what was measured, if that is wanted and there; else what the machine tells.</summary>
    public static CpuSpeeds Find(int workers, int vectorBits, bool tuned, ILogger logger) =>
        (tuned ? Read(PathOf(Machine.This, workers, vectorBits), logger.Untuned) : null) ?? CpuSpeeds.Of(Machine.This, workers);

    /// <summary>The file of a machine.</summary>
    public static string PathOf(Machine machine, int workers, int vectorBits) =>
        Path.Combine(UserFolder.Cache, $"{UserFolder.Plain(machine.Name)}-{workers}-workers-{vectorBits}-bits.txt");

    /// <summary>Writes it whole or not at all.</summary>
    public static void Write(string path, CpuSpeeds speeds)
    {
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadFileException($"{path}: its folder cannot be made: {e.Message.TrimEnd('.')}.");
        }
        string text = string.Concat([FirstLine + "\n",
            .. speeds.Numbers.Select(n => FormattableString.Invariant($"{n.Key} {n.Value:R}\n"))]);
        AtomicFile.Write(path, file => file.Write(Encoding.ASCII.GetBytes(text)));
    }

    /// <summary>The speeds of a file; null where there is none. What is no such file is told, and passed over.</summary>
    public static CpuSpeeds? Read(string path, Action<string> tell)
    {
        string[] lines;
        try
        {
            if (!File.Exists(path)) return null;
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            tell($"{path} cannot be read: {e.Message}");
            return null;
        }
        Dictionary<string, double> numbers = [];
        bool right = lines.Length > 0 && lines[0] == FirstLine;
        foreach (string line in lines.Skip(1))
            right &= line.Split(' ') is [var name, var text] && numbers.TryAdd(name, Number(text)) && numbers[name] > 0;
        CpuSpeeds empty = new(0, 0, 0);
        if (right && empty.Numbers.All(n => numbers.ContainsKey(n.Key))) return new(
            (long)numbers["first_level"], (long)numbers["second_level"], (long)numbers["last_level"])
        {
            RowCosts = [.. Enumerable.Range(1, empty.RowCosts.Count).Select(n => numbers[CpuSpeeds.RowName(n)])],
            SecondBandwidth = numbers["second_bandwidth"], LastBandwidth = numbers["last_bandwidth"],
            MemoryBandwidth = numbers["memory_bandwidth"], ExchangeBandwidth = numbers["exchange_bandwidth"],
            Meeting = numbers["meeting"], Call = numbers["call"], AreTuned = true,
        };
        tell($"{path} is not what `gpurnn tune` writes: it is passed over. Run `gpurnn tune` again, or remove it.");
        return null;
    }

    static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && double.IsFinite(n) ? n : 0;
}

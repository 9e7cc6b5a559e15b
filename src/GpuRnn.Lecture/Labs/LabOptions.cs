using System.Globalization;

namespace GpuRnn.Lecture.Labs;

/// <summary>What a lab was asked for.</summary>
public sealed class LabOptions
{
    readonly Dictionary<string, string?> values;

    /// <param name="lab">Whose options they are.</param>
    /// <param name="given">Values that somebody gave, by name.</param>
    /// <exception cref="GpuRnnException">One of them does not fit.</exception>
    public LabOptions(Lab lab, IReadOnlyDictionary<string, string> given)
    {
        values = lab.Options.ToDictionary(o => o.Name, o => given.GetValueOrDefault(o.Name) is { } value ? o.Checked(value) : o.Default);
        Given = [.. lab.Options.Where(o => given.ContainsKey(o.Name)).Select(o => (o.Name, given[o.Name]))];
    }

    /// <summary>Seed of weights and data.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>As <see cref="Devices.Device.Open(string?)"/> takes it.</summary>
    public string? Device { get; init; }

    /// <summary>The lab's own options that were given.</summary>
    public IReadOnlyList<(string Name, string Value)> Given { get; }

    /// <summary>The value of an option, if it has one.</summary>
    public string? Find(string name) => values[name];

    public string Text(string name) => values[name]!;

    public int Whole(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>The numbers of a list, each once, in ascending order.</summary>
    public int[] Numbers(string name) =>
        [.. Text(name).Split(',', StringSplitOptions.TrimEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).Distinct()
            .Order()];
}

using System.Globalization;

namespace GpuRnn.Cli.Checking;

/// <summary>What a conformance file says of itself; what is missing or is not what it should be is refused in one line.</summary>
sealed class CaseMetadata(string path, IReadOnlyDictionary<string, string> texts)
{
    const string Required = "format, cell, input_size, hidden_size, proj_size, num_layers, bidirectional and bias";

    /// <summary>A text, and what it is without one.</summary>
    public string Text(string key, string? otherwise = null) => texts.GetValueOrDefault(key) ?? otherwise
        ?? throw Wrong($"the metadata lacks '{key}'; expected {Required}");

    /// <summary>An integer from a least one to a million: sizes beyond are no conformance case.</summary>
    public int Size(string key, int least) =>
        int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size >= least && size <= 1_000_000
            ? size : throw Wrong($"the metadata has {key} = '{Short(key)}'; expected an integer from {least} to 1000000");

    /// <summary>true or false.</summary>
    public bool Flag(string key, string? otherwise = null) => Text(key, otherwise) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong($"the metadata has {key} = '{Short(key)}'; expected true or false"),
    };

    /// <summary>A number; 0 where it is not told.</summary>
    public double Number(string key) =>
        double.TryParse(Text(key, "0"), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : throw Wrong($"the metadata has {key} = '{Short(key)}'; expected a number");

    string Short(string key) => texts[key] is { Length: > 40 } text ? text[..40] + "..." : texts[key];

    public GpuRnnException Wrong(string what) => new($"'{path}': {what}.");
}

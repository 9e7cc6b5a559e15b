using System.Globalization;
using System.Runtime.CompilerServices;

namespace GpuRnn;

/// <summary>An interpolated string that is the same in every language of the machine: numbers with a decimal point.</summary>
[InterpolatedStringHandler]
ref struct InvariantText(int literals, int values)
{
    DefaultInterpolatedStringHandler text = new(literals, values, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => text.AppendLiteral(value);
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);
    public void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);
    public void AppendFormatted(string? value) => text.AppendFormatted(value);
    public void AppendFormatted(ReadOnlySpan<char> value) => text.AppendFormatted(value);

    /// <summary>
    /// What a program of ours does first: all that it reads and writes, options, files and reports, is the same in every language. The
    /// library does not need it, for a program that embeds it has a culture of its own.
    /// </summary>
    public static void Everywhere() => CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

    /// <summary>The whole text. Only once: it gives back its memory.</summary>
    public string End() => text.ToStringAndClear();
}

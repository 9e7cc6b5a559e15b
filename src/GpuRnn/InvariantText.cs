using System.Globalization;
using System.Runtime.CompilerServices;

namespace GpuRnn;

/// <summary>An interpolated string that is the same in every language of the machine: numbers with a decimal point.</summary>
/// <param name="literals">Characters that stand in the source.</param>
/// <param name="values">Values between them.</param>
[InterpolatedStringHandler]
public ref struct InvariantText(int literals, int values)
{
    DefaultInterpolatedStringHandler text = new(literals, values, CultureInfo.InvariantCulture);

    /// <summary>A piece that stands in the source.</summary>
    public void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>A value.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>A value in a format.</summary>
    public void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);

    /// <summary>A text.</summary>
    public void AppendFormatted(string? value) => text.AppendFormatted(value);

    /// <summary>A text.</summary>
    public void AppendFormatted(ReadOnlySpan<char> value) => text.AppendFormatted(value);

    /// <summary>The whole text. Only once: it gives back its memory.</summary>
    internal string End() => text.ToStringAndClear();
}

using System.Text;

namespace GpuRnn.Reports;

/// <summary>Any text as text of XML and HTML, in elements and in attributes.</summary>
public static class Escape
{
    /// <summary>The text as a reader sees it, and nothing that a parser obeys.</summary>
    public static string Text(string text)
    {
        StringBuilder escaped = new(text.Length + 16);
        foreach (char c in Clean(text))
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(c),
            };
        return escaped.ToString();
    }

    /// <summary>
    /// Control characters, which XML forbids, as the signs that Unicode has for them; halves of characters as the sign for broken ones.
    /// </summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.Replace("\r\n", "\n").EnumerateRunes()) // a half comes as U+FFFD
            _ = rune.Value switch
            {
                '\n' or '\t' => clean.Append((char)rune.Value),
                < 0x20 => clean.Append((char)(0x2400 + rune.Value)),
                0x7F => clean.Append('\u2421'),
                (> 0x7F and < 0xA0) or 0xFFFE or 0xFFFF => clean.Append('\uFFFD'),
                _ => clean.Append(rune.ToString()),
            };
        return clean.ToString();
    }
}

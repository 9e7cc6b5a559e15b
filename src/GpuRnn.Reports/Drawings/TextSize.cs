using System.Globalization;
using System.Text;

namespace GpuRnn.Reports.Drawings;

/// <summary>How wide text will be, guessed: the reader's fonts are not known here, and a machine without any draws charts too.</summary>
static class TextSize
{
    const string Narrow = "iljtfrI.,:;'|!()[]{} ", Wide = "mwMW@%&";
    const int FirstWide = 0x1100; // Hangul, kana, Chinese, emoji

    /// <summary>Pixels; rather too many than too few.</summary>
    public static double Width(string text, double size, bool bold = false)
    {
        double width = 0;
        foreach (Rune rune in text.EnumerateRunes())
            width += rune.Value < 128 && Narrow.Contains((char)rune.Value) ? 0.37
                : rune.Value < 128 && Wide.Contains((char)rune.Value) ? 0.93
                : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format ? 0
                : rune.Value >= FirstWide ? 1.1
                : Rune.IsUpper(rune) ? 0.69 : 0.6;
        return width * size * (bold ? 1.08 : 1);
    }

    /// <summary>Text that fits, cut with an ellipsis where it must be.</summary>
    public static string Fit(string text, double size, double width, bool bold = false)
    {
        if (Width(text, size, bold) <= width) return text;
        StringBuilder kept = new();
        double left = width - size;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= Width(rune.ToString(), size, bold);
            if (left < 0) break;
            kept.Append(rune);
        }
        return kept.ToString().TrimEnd() + "…";
    }

    /// <summary>Lines that fit, broken between words; what is more than the lines allow ends in an ellipsis.</summary>
    public static List<string> Wrap(string text, double size, double width, int lines, bool bold = false)
    {
        string[] words = text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        List<string> broken = [];
        string line = "";
        for (int i = 0; i < words.Length; i++)
        {
            string longer = line.Length == 0 ? words[i] : $"{line} {words[i]}";
            if (line.Length == 0 || Width(longer, size, bold) <= width)
            {
                line = longer;
                continue;
            }
            if (broken.Count == lines - 1)
            {
                line = string.Join(' ', words[i..].Prepend(line));
                break;
            }
            broken.Add(Fit(line, size, width, bold));
            line = words[i];
        }
        if (line.Length > 0) broken.Add(Fit(line, size, width, bold));
        return broken;
    }
}

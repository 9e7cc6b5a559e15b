using System.Globalization;
using System.Text;
using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>A word and what a model makes of it, -1 to 1; what is not finite is left unmarked.</summary>
public readonly record struct MarkedWord(string Text, double Value);

/// <summary>
/// Words in a row, coloured by value from orange (-1) over none (0) to blue (1): the verdict of a model along a sentence.
/// </summary>
public sealed record MarkedText(IReadOnlyList<MarkedWord> Words)
{
    const double Strongest = 0.55; // more, and the word itself would be hard to read

    /// <summary>What stands between two words; nothing, if they are characters.</summary>
    public string Separator { get; init; } = " ";

    /// <summary>A paragraph of HTML; the value shows where the pointer rests.</summary>
    public string ToHtml()
    {
        StringBuilder html = new("<p class=\"marked\">");
        for (int i = 0; i < Words.Count; i++)
        {
            if (i > 0) html.Append(Escape.Text(Separator));
            MarkedWord word = Words[i];
            string text = Escape.Text(word.Text);
            if (!double.IsFinite(word.Value)) html.Append(CultureInfo.InvariantCulture, $"<bdi>{text}</bdi>");
            else
                html.Append(CultureInfo.InvariantCulture, $"<bdi style=\"background:{Background(word.Value)}\" "
                    + $"title=\"{word.Value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)}\">"
                    + $"{text}</bdi>");
        }
        return html.Append("</p>\n").ToString();
    }

    static string Background(double value)
    {
        uint rgb = (value < 0 ? Tone.OfSeries(1) : Tone.OfSeries(0)).Rgb;
        string strength = (Math.Min(1, Math.Abs(value)) * Strongest).ToString("0.##", CultureInfo.InvariantCulture);
        return $"rgba({rgb >> 16},{rgb >> 8 & 255},{rgb & 255},{strength})";
    }
}

using System.Text;
using System.Text.RegularExpressions;
using GpuRnn.Bench.Results;
using GpuRnn.Bench.Tables;

namespace GpuRnn.Bench.Documents;

/// <summary>Finds &lt;!-- bench:NAME --&gt; ... &lt;!-- /bench:NAME --&gt; in a text, and puts between them what the results say.</summary>
static partial class Markers
{
    [GeneratedRegex("<!-- (/?)bench:([a-z-]+) -->")]
    private static partial Regex Marker();

    public static Match[] In(string text) => [.. Marker().Matches(text).Cast<Match>()];

    /// <summary>The text with every section new, and the names of those that were not as they are now.</summary>
    public static (string Text, List<string> Changed) Fill(string document, string text, ResultsFolder folder)
    {
        StringBuilder result = new();
        List<string> changed = [];
        int copied = 0;
        Match[] markers = In(text);
        for (int i = 0; i < markers.Length; i += 2)
        {
            Match open = markers[i];
            (string name, int begin) = (open.Groups[2].Value, open.Index + open.Length);
            if (open.Groups[1].Length > 0) throw new GpuRnnException($"{document}: {open.Value} closes what was not opened.");
            if (i + 1 == markers.Length || markers[i + 1].Value != $"<!-- /bench:{name} -->")
                throw new GpuRnnException($"{document}: {open.Value} must be followed by <!-- /bench:{name} -->.");
            Section section = Sections.Named(name, document);
            string now = section.Inline ? section.Text(folder) : $"\n{section.Text(folder)}\n";
            if (text[begin..markers[i + 1].Index] != now) changed.Add(name);
            result.Append(text, copied, begin - copied).Append(now);
            copied = markers[i + 1].Index;
        }
        return (result.Append(text, copied, text.Length - copied).ToString(), changed);
    }
}

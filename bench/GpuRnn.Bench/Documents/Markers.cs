using System.Text;
using System.Text.RegularExpressions;
using GpuRnn.Bench.Results;
using GpuRnn.Bench.Tables;

namespace GpuRnn.Bench.Documents;

/// <summary>
/// Finds &lt;!-- bench:NAME MACHINE --&gt; ... &lt;!-- /bench:NAME MACHINE --&gt; in a text, and puts between them what the results
/// of that machine say; what is of other machines stays.
/// </summary>
static partial class Markers
{
    [GeneratedRegex("<!-- (/?)bench:([a-z-]+)(?: ([A-Za-z0-9._-]+))? -->")]
    private static partial Regex Marker();

    /// <summary>The sections that a text opens, each with its machine.</summary>
    public static IEnumerable<(string Section, string Machine)> In(string text) =>
        Marker().Matches(text).Where(m => m.Groups[1].Length == 0).Select(m => (m.Groups[2].Value, m.Groups[3].Value));

    /// <summary>The text with every section new, and the names of those that were not as they are now.</summary>
    public static (string Text, List<string> Changed) Fill(string document, string text, ResultsFolder folder)
    {
        StringBuilder result = new();
        List<string> changed = [];
        int copied = 0;
        Match[] markers = [.. Marker().Matches(text).Cast<Match>()];
        for (int i = 0; i < markers.Length; i += 2)
        {
            Match open = markers[i];
            (string name, int begin) = (open.Groups[2].Value, open.Index + open.Length);
            if (open.Groups[1].Length > 0) throw new GpuRnnException($"{document}: {open.Value} closes what was not opened.");
            string machine = open.Groups[3].Value, close = $"<!-- /bench:{name} {machine} -->";
            if (machine.Length == 0)
                throw new GpuRnnException(
                    $"{document}: {open.Value} names no machine: <!-- bench:{name} MACHINE -->, a folder of bench/results.");
            if (i + 1 == markers.Length || markers[i + 1].Value != close)
                throw new GpuRnnException($"{document}: {open.Value} must be followed by {close}.");
            Section section = Sections.Named(name, document);
            if (machine != folder.Name) continue;
            string now = section.Inline ? section.Text(folder) : $"\n{section.Text(folder)}\n";
            if (text[begin..markers[i + 1].Index] != now) changed.Add(name);
            result.Append(text, copied, begin - copied).Append(now);
            copied = markers[i + 1].Index;
        }
        return (result.Append(text, copied, text.Length - copied).ToString(), changed);
    }
}

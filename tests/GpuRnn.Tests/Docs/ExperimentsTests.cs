using System.Globalization;
using System.Text.Json.Nodes;

namespace GpuRnn.Tests.Docs;

/// <summary>What docs/gpu.md says that a card measured is what bench/results says: rows are named as there, in three digits.</summary>
public class ExperimentsTests
{
    static readonly Dictionary<string, JsonNode> s_results = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "bench", "results", "h200", "experiments.json")))!["results"]!
        .AsArray().ToDictionary(result => (string)result!["name"]!, result => result!);

    /// <summary>Rows of the tables whose columns are a name, what was predicted, what was measured.</summary>
    static IEnumerable<TestCaseData> Rows()
    {
        bool inside = false;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "gpu.md")))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            if (cells.Length == 5 && cells[2..4] is ["predicted", "measured"])
                inside = true;
            else if (!line.StartsWith('|'))
                inside = false;
            else if (inside && !cells[1].StartsWith("---", StringComparison.Ordinal))
                yield return new TestCaseData(cells[1], cells[2], cells[3]).SetArgDisplayNames(cells[1]);
        }
    }

    [Test]
    public void ThereAreRows() => Assert.That(Rows().Count(), Is.GreaterThan(50));

    [TestCaseSource(nameof(Rows))]
    public void FiguresAreThoseOfTheFile(string name, string predicted, string measured)
    {
        Assert.That(s_results, Does.ContainKey(name));
        JsonNode result = s_results[name];
        string[] parts = measured.Split(' ', 2);
        Assert.That(predicted, Is.EqualTo((string)result["predicted"]!));
        Assert.That(parts.ElementAtOrDefault(1) ?? "", Is.EqualTo(Unit((string)result["unit"]!)));
        Assert.That(Number(parts[0]), Is.EqualTo(Number(((double)result["measured"]!).ToString("G3", CultureInfo.InvariantCulture))));
    }

    static string Unit(string unit) => unit.StartsWith("us", StringComparison.Ordinal) ? $"µ{unit[1..]}" : unit;

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

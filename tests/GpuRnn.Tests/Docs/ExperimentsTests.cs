using System.Globalization;
using System.Text.Json.Nodes;

namespace GpuRnn.Tests.Docs;

/// <summary>
/// What docs/gpu.md says that a card measured is what bench/results says: results are named as there, in three digits, and what is made of
/// them (cycles, times, ratios) is made as the page says.
/// </summary>
public class ExperimentsTests
{
    static readonly Dictionary<string, JsonNode> s_results = Results();

    /// <summary>Results by name; where both runs measured the same, the second's.</summary>
    static Dictionary<string, JsonNode> Results()
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "bench", "results", "h200", "experiments.json")))!;
        Dictionary<string, JsonNode> first = ByName(file), second = ByName(file["second"]!);
        return second.Concat(first.Where(result => !second.ContainsKey(result.Key))).ToDictionary();
    }

    static Dictionary<string, JsonNode> ByName(JsonNode run) =>
        run["results"]!.AsArray().ToDictionary(result => (string)result!["name"]!, result => result!);

    /// <summary>Cells of the rows of all tables under these headings; null stands for any.</summary>
    static IEnumerable<TestCaseData> Table(params string?[] headings)
    {
        bool inside = false;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "gpu.md")))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            if (cells.Length == headings.Length && cells.Zip(headings).All(pair => pair.Second is null || pair.First == pair.Second))
                inside = true;
            else if (!line.StartsWith('|'))
                inside = false;
            else if (inside && !cells[0].StartsWith("---", StringComparison.Ordinal))
                yield return new TestCaseData([cells]).SetArgDisplayNames(cells[0]);
        }
    }

    static IEnumerable<TestCaseData> Figures() => Table(null, "predicted", "measured");

    static IEnumerable<TestCaseData> Cycles() => Table("step", "model", "measured", "explained");

    static IEnumerable<TestCaseData> Times() =>
        Table("T, B, I, H", "prototype, 16 bits", "split", "cuDNN fp16", "cuDNN tf32", "cuDNN fp32");

    static IEnumerable<TestCaseData> Ratios() =>
        Table("T, B, I, H", "single / fp16", "split / tf32", "single / fp16, predicted", "split / tf32, predicted");

    [Test]
    public void ThereAreRows()
    {
        Assert.That(Figures().Count(), Is.GreaterThan(80));
        Assert.That(new[] { Cycles(), Times(), Ratios() }, Has.None.Empty);
    }

    [TestCaseSource(nameof(Figures))]
    public void FiguresAreThoseOfTheFile(string[] row)
    {
        Assert.That(s_results, Does.ContainKey(row[0]));
        JsonNode result = s_results[row[0]];
        Assert.That(row[1], Is.EqualTo((string)result["predicted"]!));
        if (result["measured"] is null)
        {
            Assert.That((string)result["note"]!, Does.StartWith(row[2]));
            return;
        }
        string[] parts = row[2].Split(' ', 2);
        Assert.That(parts.ElementAtOrDefault(1) ?? "", Is.EqualTo(Unit((string)result["unit"]!)));
        Assert.That(Number(parts[0]), Is.EqualTo(Digits(3, Measured(row[0]))));
    }

    [TestCaseSource(nameof(Cycles))]
    public void CyclesAreThoseOfTheStep(string[] row) =>
        Assert.That(Number(row[2]), Is.EqualTo(Math.Round(Measured($"{row[0]}: step") / 0.000505)));

    /// <summary>A cell is µs a step; ms a pass (ms in kernels). A prototype's is that of one of its H and B, in eights.</summary>
    [TestCaseSource(nameof(Times))]
    public void TimesAreThoseOfTheFile(string[] row)
    {
        int[] shape = Shape(row);
        foreach (string cell in row[1..3].Where(cell => cell != "-"))
        {
            string ending = $" H {shape[3]} B {Math.Max(8, shape[1])}: step";
            Assert.That(s_results.Keys.Where(name => name.EndsWith(ending, StringComparison.Ordinal))
                .Select(name => (Math.Round(Measured(name), 2), Digits(3, Measured(name) * shape[0] / 1000))), Does.Contain(Pair(cell)));
        }
        foreach ((string precision, string cell) in new[] { "fp16", "tf32", "fp32" }.Zip(row[3..]))
        {
            string name = $"cuDNN lstm {row[0].Replace(" ", "", StringComparison.Ordinal)} {precision} forward";
            double ms = Measured(name);
            Assert.That(Pair(cell), Is.EqualTo((Digits(3, ms * 1000 / shape[0]), Digits(3, ms))), name);
            Assert.That(InKernels(cell), Is.EqualTo(Digits(3, Number(((string)s_results[name]["note"]!).Split(' ')[0]))), name);
        }
    }

    [TestCaseSource(nameof(Ratios))]
    public void RatiosAreMadeOfTheTimes(string[] row)
    {
        string[] times = Times().Select(data => (string[])data.Arguments[0]!).Single(times => times[0] == row[0]);
        Assert.That(row[1..3], Is.EqualTo(new[] { Ratio(1, 3, 1), Ratio(2, 4, 3) }));

        string Ratio(int prototype, int peer, int products)
        {
            if (times[prototype] == "-") return "-";
            double ratio = Pair(times[peer]).Ms / (Pair(times[prototype]).Ms + 0.008 + products * Product(Shape(row)));
            return Digits(2, ratio).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>ms of the input product: what arithmetic takes, or what writing the gate inputs takes, whichever is longer.</summary>
    static double Product(int[] shape)
    {
        double outputs = 4.0 * shape[0] * shape[1] * shape[3];
        double narrow = Measured("product 128x128x32 bf16, 6400 x 1024 x 128");
        double wide = Measured("product 128x128x32 bf16, 4096 x 4096 x 4096");
        return Math.Max(outputs * 2 * shape[2] / wide, outputs * 2 * 128 / narrow) / 1e9;
    }

    static int[] Shape(string[] row) => [.. row[0].Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];

    static (double Us, double Ms) Pair(string cell)
    {
        string[] parts = cell.Split(';', '(');
        return (Number(parts[0]), Number(parts[1]));
    }

    static double InKernels(string cell) => Number(cell.Split('(', ')')[1]);

    static string Unit(string unit) => unit.StartsWith("us", StringComparison.Ordinal) ? $"µ{unit[1..]}" : unit;

    static double Measured(string name) => (double)s_results[name]["measured"]!;

    static double Digits(int digits, double value) => Number(value.ToString($"G{digits}", CultureInfo.InvariantCulture));

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

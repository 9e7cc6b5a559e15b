using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>What a document may show between markers.</summary>
/// <param name="Name">The marker's.</param>
/// <param name="Inline">Is it a figure within a sentence?</param>
/// <param name="Text">Its text, from the results.</param>
sealed record Section(string Name, bool Inline, Func<ResultsFolder, string> Text);

/// <summary>All sections, by name.</summary>
static class Sections
{
    static readonly string[] s_suites = ["lstm", "gru", "rnn"], s_passes = ["forward", "training"];

    public static IReadOnlyList<Section> All { get; } =
    [
        new("machine", false, MachineLine.Of),
        new("readme", false, ReadmeTable.Of),
        .. from suite in s_suites from pass in s_passes
           select new Section($"{suite}-{pass}", false, folder => SpeedTable.Of(folder, suite, pass)),
        .. s_passes.Select(pass => new Section($"grid-{pass}", false, folder => GridTable.Of(folder, pass))),
        new("runs", false, RunsTable.Of),
        new("more", false, MoreTable.Of),
        new("weights", false, WeightsTable.Of),
        new("memory", false, MemoryTable.Of),
        new("text", false, TextTable.Of),
        new("many-to-one", false, ManyToOneTable.Of),
        new("engine", false, EngineTable.Of),
        new("gpu", false, GpuTable.Of),
        .. from suite in s_suites.Append("grid") from pass in s_passes
           select new Section($"{suite}-{pass}-mean", true, folder => Figure.Ratio(SpeedTable.MeanRatio(folder.Suite(suite, pass)))),
        new("peak", true, MachineLine.Peak),
        new("bandwidth", true, MachineLine.Bandwidth),
    ];

    public static Section Named(string name, string document) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new GpuRnnException($"{document}: there is no '{name}' to show. There is: {string.Join(", ", All.Select(s => s.Name))}.");
}

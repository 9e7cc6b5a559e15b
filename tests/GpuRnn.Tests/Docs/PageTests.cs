using System.Text.RegularExpressions;

namespace GpuRnn.Tests.Docs;

/// <summary>What pages speak of is there: files that they link or name, and the names of code between their backticks.</summary>
public partial class PageTests
{
    static readonly string[] s_sources = ["src", "kernels", "tests", "bench", ".ci", "docs/examples"];
    static readonly string[] s_made = ["bin", "obj", "TestResults"];

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();
    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]{2,}")]
    private static partial Regex Word();
    [GeneratedRegex(@"(?<![\w/.-])(?:src|kernels|tests|bench|docs|\.ci)/[\w./-]*\w")]
    private static partial Regex PathName();
    [GeneratedRegex(@"\b[A-Z]\w+(?:\.\w+)?\.(?:cs|template|csproj)\b")]
    private static partial Regex FileName();

    /// <summary>All but CHANGELOG.md, which speaks of what was.</summary>
    static IEnumerable<string> Pages() => Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Concat(new[] { "README.md", "CONTRIBUTING.md", "bench/README.md" }.Select(page => Path.Combine(Repository.Root, page)))
        .Select(page => Path.GetRelativePath(Repository.Root, page));

    static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    static readonly Lazy<string[]> s_files = new(() => [.. s_sources.SelectMany(folder => FilesIn(Path.Combine(Repository.Root, folder)))
        .Concat(Directory.GetFiles(Repository.Root))]);

    static IEnumerable<string> FilesIn(string folder) => Directory.GetFiles(folder).Concat(
        Directory.GetDirectories(folder).Where(d => !s_made.Contains(Path.GetFileName(d))).SelectMany(FilesIn));

    /// <summary>Names of .NET's, of libtorch's, of a file of data, and one that was decided against.</summary>
    static readonly string[] s_elsewhere =
    [
        "ConvertToInt32", "DOTNET_EnableWriteXorExecute", "DOTNET_PerfMapEnabled", "ServerGarbageCollection", "set_flush_denormal", "sdks",
        "RnnDevice",
    ];

    static readonly Lazy<HashSet<string>> s_words = new(() => [.. s_elsewhere, .. s_files.Value
        .Where(f => !f.EndsWith(".md", StringComparison.Ordinal) && Path.GetFileName(f) != $"{nameof(PageTests)}.cs")
        .SelectMany(f => Word().Matches($"{Path.GetRelativePath(Repository.Root, f)} {File.ReadAllText(f)}").Select(m => m.Value))]);

    [TestCaseSource(nameof(Pages))]
    public void LinksLeadSomewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        string[] lost = [.. Link().Matches(Text(page)).Select(m => m.Groups[1].Value).Where(to => !Path.Exists(Path.Combine(folder, to)))];
        Assert.That(lost, Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void PathsAndFilesAreThere(string page)
    {
        string[] paths = [.. PathName().Matches(Text(page)).Select(m => m.Value)
            .Where(path => !path.Contains("MACHINE") && !Path.Exists(Path.Combine(Repository.Root, path)))];
        Assert.That(paths, Is.Empty);
        HashSet<string> names = [.. s_files.Value.Select(f => Path.GetFileName(f))];
        Assert.That(FileName().Matches(Text(page)).Select(m => m.Value).Where(name => !names.Contains(name)), Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void NamesOfCodeAreThere(string page)
    {
        IEnumerable<string> named = Quoted().Matches(Text(page)).SelectMany(m => Word().Matches(m.Groups[1].Value)).Select(m => m.Value);
        Assert.That(named.Distinct().Where(word => !s_words.Value.Contains(word)), Is.Empty);
    }

    /// <summary>The page that teaches a cell quotes a cell that the tests run.</summary>
    [Test]
    public void TheCellThatIsTaughtIsTheOneThatRuns()
    {
        static string Code(string line) => line.Split("//")[0].Trim();
        HashSet<string> lines = [.. Text("tests/GpuRnn.Tests/Cells/MinimalGatedUnit.cs").Split('\n').Select(Code)];
        string[] quoted = [.. Text("docs/adding-a-cell.md").Split('\n').Where(l => l.StartsWith("    ", StringComparison.Ordinal))
            .Select(Code)
            .Where(l => l.EndsWith(';'))];
        Assert.That(quoted, Has.Length.GreaterThanOrEqualTo(8));
        Assert.That(quoted.Where(l => !lines.Contains(l)), Is.Empty);
    }
}

using System.Text.RegularExpressions;

namespace GpuRnn.Tests.Docs;

/// <summary>README's code, and that of other pages, compiles and runs, and its commands are those that CI calls.</summary>
public partial class ReadmeTests
{
    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    static IEnumerable<TestCaseData> Blocks() =>
        from page in new[] { "README.md", "docs/training.md", "docs/telemetry.md" }
        let text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n")
        from block in CSharpBlock().Matches(text).Select((match, number) => (Code: match.Groups[1].Value, Number: number + 1))
        select new TestCaseData(block.Code).SetArgDisplayNames($"{page} {block.Number}");

    [Test]
    public void ThereIsCode() => Assert.That(Blocks().Count(), Is.GreaterThanOrEqualTo(4));

    [TestCaseSource(nameof(Blocks)), NonParallelizable]
    public void CodeCompilesAndRuns(string code) => CompiledProgram.Run(code);

    [Test]
    public void CommandsAreThere()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.That(readme, Does.Contain("dotnet run -c Release --project src/GpuRnn.Cli -- train text"));
        Assert.That(readme, Does.Match("(?m)^dotnet test -c Release$"));
    }
}

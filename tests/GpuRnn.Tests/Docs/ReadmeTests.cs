using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GpuRnn.Tests.Docs;

/// <summary>README's code compiles and runs, and its commands are those that CI calls.</summary>
public partial class ReadmeTests
{
    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    static IEnumerable<string> Blocks() =>
        CSharpBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n")).Select(m => m.Groups[1].Value);

    [Test]
    public void ThereIsCode() => Assert.That(Blocks(), Is.Not.Empty);

    [TestCaseSource(nameof(Blocks))]
    public void CodeCompilesAndRuns(string code)
    {
        string[] lines = code.Split('\n');
        string usings = string.Join('\n', lines.Where(l => l.StartsWith("using ", StringComparison.Ordinal) && l.EndsWith(';') && !l.Contains('=')));
        string body = string.Join('\n', lines.Where(l => !usings.Contains(l) || l.Length == 0));
        string source = $"using System;\nusing System.Linq;\n{usings}\npublic static class Example {{ public static void Run() {{\n{body}\n}} }}";
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> references = Directory.GetFiles(runtime, "System*.dll")
            .Concat([Path.Combine(runtime, "mscorlib.dll"), Path.Combine(runtime, "netstandard.dll")])
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "GpuRnn*.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "ILGPU*.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "System.Numerics.Tensors.dll"))
            .Where(f => !Path.GetFileName(f).Contains("Native") && !Path.GetFileName(f).Contains("Tests"));
        CSharpCompilation compilation = CSharpCompilation.Create("Readme" + code.GetHashCode(), [CSharpSyntaxTree.ParseText(source)],
            references.Select(r => MetadataReference.CreateFromFile(r)), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream assembly = new();
        var result = compilation.Emit(assembly);
        Assert.That(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error), Is.Empty);
        MethodInfo run = Assembly.Load(assembly.ToArray()).GetType("Example")!.GetMethod("Run")!;
        Assert.DoesNotThrow(() => run.Invoke(null, null));
    }

    [Test]
    public void CommandsAreThere()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.That(readme, Does.Contain("dotnet run -c Release --project src/GpuRnn.Cli -- train text"));
        Assert.That(readme, Does.Match("(?m)^dotnet test -c Release$"));
    }

    [Test]
    public void LinksLeadSomewhere()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(new[] { "README.md", "CONTRIBUTING.md", "bench/README.md" }.Select(file => Path.Combine(Repository.Root, file))))
            foreach (Match link in Regex.Matches(File.ReadAllText(file), @"\]\(([^)#:]+)\)"))
                Assert.That(Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value)), $"{Path.GetFileName(file)}: {link.Groups[1].Value}");
    }
}

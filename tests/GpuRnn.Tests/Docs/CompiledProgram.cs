using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GpuRnn.Tests.Docs;

/// <summary>A program of a page or of docs/examples: compiled against what the tests are built on, and run in a folder of its
/// own.</summary>
static class CompiledProgram
{
    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        """;

    /// <summary>Runs top-level statements. Returns what they wrote.</summary>
    public static string Run(string code)
    {
        // directives of programs in one file are for the SDK
        code = string.Join('\n', code.Split('\n').Select(line => line.StartsWith("#:", StringComparison.Ordinal) ? "" : line));
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> references = Directory.GetFiles(runtime, "System*.dll")
            .Concat([Path.Combine(runtime, "mscorlib.dll"), Path.Combine(runtime, "netstandard.dll")])
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "GpuRnn*.dll"))
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "ILGPU*.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "System.Numerics.Tensors.dll"))
            .Append(Path.Combine(AppContext.BaseDirectory, "Microsoft.Extensions.Logging.Abstractions.dll"))
            .Where(f => !Path.GetFileName(f).Contains("Native") && !Path.GetFileName(f).Contains("Tests"));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Program" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(Usings)],
            references.Select(r => MetadataReference.CreateFromFile(r)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream assembly = new();
        IEnumerable<Diagnostic> said = compilation.Emit(assembly).Diagnostics;
        Assert.That(said.Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS1701"), Is.Empty);
        MethodInfo main = Assembly.Load(assembly.ToArray()).EntryPoint!;
        string before = Directory.GetCurrentDirectory();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gpurnn-program-");
        TextWriter console = Console.Out;
        using StringWriter written = new();
        try
        {
            Directory.SetCurrentDirectory(folder.FullName);
            Console.SetOut(written);
            main.Invoke(null, main.GetParameters().Length > 0 ? [Array.Empty<string>()] : null);
            return written.ToString();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }
}

namespace GpuRnn.Testing;

/// <summary>What a run of the command came to.</summary>
public sealed record CommandResult(int Code, string Out, string Error);

/// <summary>
/// The command gpurnn as a process of its own. Fixtures that do nothing but start such processes are [Parallelizable]: they share neither
/// console nor device. Not those whose processes train: workers on all cores wait for each other, and longer where something else runs.
/// </summary>
public static class CommandProcess
{
    /// <summary>Where the command itself was built, with its native libraries.</summary>
    public static readonly string Path = System.IO.Path.Combine(Repository.Root, "src", "GpuRnn.Cli", "bin",
        System.IO.Path.GetFileName(
            System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!,
        "net10.0", "gpurnn.dll");

    public static CommandResult Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>A run under these environment variables.</summary>
    public static CommandResult RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        using RunningCommand command = new("dotnet", [Path, .. arguments], [.. environment.Select(e => (e.Key, e.Value))]);
        return command.End(120_000);
    }

    /// <summary>A run that must end well; gives what it wrote to standard output.</summary>
    public static string Good(params string[] arguments)
    {
        CommandResult r = Run(arguments);
        Assert.That(r.Code, Is.Zero, r.Out + r.Error);
        return r.Out;
    }

    /// <summary>A run that must end with exit code 2 and one line that says all this.</summary>
    public static void Refused(string[] arguments, params string[] expected)
    {
        CommandResult r = Run(arguments);
        Assert.That(r.Code, Is.EqualTo(2), r.Out + r.Error);
        Assert.That(r.Error.TrimEnd('\n'), Does.StartWith("gpurnn: ").And.Not.StartWith("gpurnn: unexpected ").And.Not.Contain("\n"));
        foreach (string part in expected) Assert.That(r.Error, Does.Contain(part));
    }
}

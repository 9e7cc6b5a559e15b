using System.Diagnostics;

namespace GpuRnn.Testing;

/// <summary>The command gpurnn while it runs.</summary>
public sealed class RunningCommand : IDisposable
{
    readonly string[] arguments;
    readonly Process process;
    readonly Task<string> output, error;

    public RunningCommand(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        this.arguments = arguments;
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GPURNN_DEVICE"] = "cpu";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>
    /// The command with Ctrl-C as a terminal gives it. A process inherits that SIGINT is ignored, as nohup and scripts in the background
    /// make it, and then the command ignores it too, as it should.
    /// </summary>
    public static RunningCommand Interruptible(params string[] arguments) =>
        new("env", ["--default-signal=INT", "dotnet", CommandProcess.Path, .. arguments]);

    /// <summary>
    /// Waits until the command is up and at work: a signal that comes before it has looked at its arguments ends any process.
    /// </summary>
    public void WaitUntilItWorks()
    {
        WaitFor(() => File.ReadAllText($"/proc/{process.Id}/maps").Contains("ILGPU.dll", StringComparison.Ordinal));
        Thread.Sleep(500);
    }

    /// <summary>Waits until something holds, while the command runs.</summary>
    public void WaitFor(Func<bool> holds)
    {
        for (Stopwatch clock = Stopwatch.StartNew(); !holds(); Thread.Sleep(20))
        {
            Assert.That(process.HasExited, Is.False, "it has ended");
            Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(60), $"{string.Join(' ', arguments)}: nothing happens");
        }
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    /// <summary>Waits for its end.</summary>
    public CommandResult End(int milliseconds)
    {
        if (process.WaitForExit(milliseconds)) return new(process.ExitCode, output.Result, error.Result);
        process.Kill(true);
        Assert.Fail($"{string.Join(' ', arguments)} did not end within {milliseconds / 1000} s");
        throw new InvalidOperationException();
    }

    public void Dispose() => process.Dispose();
}

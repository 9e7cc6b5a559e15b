using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace GpuRnn.Programs;

/// <summary>Runs a program of commands: whatever goes wrong is one line on standard error and an <see cref="ExitCode"/>.</summary>
public static class CommandProgram
{
    /// <summary>The exit code of a command line. Commands get a token that Ctrl-C cancels; the second time the process ends.</summary>
    /// <param name="name">The program's.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="args">What was given. Nothing asks for help where the program does nothing by itself.</param>
    /// <param name="mayBeEmpty">An option whose value may be empty.</param>
    public static async Task<int> Run(string name, RootCommand root, string[] args, string mayBeEmpty = "")
    {
        // options, files and reports are the same in every language
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        OptionValues.Check(root, mayBeEmpty);
        TraceWords.Listen();
        using CancellationTokenSource interrupted = new();
        using PosixSignalRegistration first = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration second = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        if (NoWorkingFolder() is { } reason) return Say(reason);
        // No @FILE: an argument is what it says.
        ParseResult parsed =
            root.Parse(args.Length == 0 && root.Action is null ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0) return Say(Refusal(name, parsed));
        try
        {
            // Signals are handled here: what a command has begun to write it may finish.
            InvocationConfiguration own = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(own, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (GpuRnnException e)
        {
            return Say(e.Message);
        }
        catch (OutOfMemoryException)
        {
            return Say("there is not enough memory for this. Take smaller sizes, smaller batches or less data.");
        }
        // what a disk or a network does in the middle of a file
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e.Message);
        }
        catch (AcceleratorException e)
        {
            return Say($"the device failed: {TraceWords.Of(e)}");
        }
        // A fault of ours; who uses the program is spared the stack all the same.
        catch (Exception e)
        {
            return Say($"unexpected {e.GetType().Name}: {e.Message}");
        }

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted.IsCancellationRequested; // the second time it ends at once
            if (signal.Cancel) interrupted.Cancel();
        }

        int Say(string message)
        {
            ErrorLine.Write(name, message);
            return ExitCode.BadInput;
        }
    }

    /// <summary>Paths are made from it, everywhere.</summary>
    static string? NoWorkingFolder()
    {
        try
        {
            _ = Directory.GetCurrentDirectory();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "the working folder is not there any more. Change to one that is.";
        }
    }

    static string Refusal(string name, ParseResult parsed)
    {
        // An unknown word is the cause of whatever else is missing.
        string message = parsed.UnmatchedTokens.Count > 0 ? $"unknown command or option '{parsed.UnmatchedTokens[0]}'."
            : parsed.Errors[0].Message;
        // The name of a .NET type says nothing to who uses the program.
        if (message.IndexOf(" as expected type", StringComparison.Ordinal) is > 0 and var end)
        {
            bool whole = message.Contains("Int32", StringComparison.Ordinal);
            message = $"{message[..end]}: expected a {(whole ? $"whole number, at most {int.MaxValue}" : "number")}.";
        }
        return $"{message} See: {Path(name, parsed.CommandResult.Command)} --help";
    }

    static string Path(string name, Command command) => command is not RootCommand
        && command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(name, parent)} {command.Name}" : name;
}

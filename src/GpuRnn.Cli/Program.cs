using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuRnn.Cli.Commands;
using ILGPU.Runtime;

namespace GpuRnn.Cli;

/// <summary>The command gpurnn: exit 0; 1 for a failed check; 2 for bad input, in a line on standard error; 130 for Ctrl-C.</summary>
static class Program
{
    const int BadInput = 2;

    /// <summary>The exit code of what was broken off.</summary>
    public const int Interrupted = 130;

    static RootCommand Root()
    {
        RootCommand root = new("Recurrent networks on CUDA, OpenCL and the CPU.")
        {
            DevicesCommand.Create(),
            BenchCommand.Create(),
            CheckCommand.Create(),
            TrainCommand.Create(),
            SampleCommand.Create(),
            LabCommand.Create(),
            VocabularyCommand.Create(),
        };
        OptionValues.Check(root, mayBeEmpty: SampleCommand.Prompt);
        return root;
    }

    static async Task<int> Main(string[] args)
    {
        // options, files and reports are the same in every language
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        TraceWords.Listen();
        using CancellationTokenSource interrupted = new();
        using PosixSignalRegistration first = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration second = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        if (NoWorkingFolder() is { } reason) return Say(reason);
        // No @FILE: an argument is what it says.
        ParseResult parsed = Root().Parse(args.Length == 0 ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0) return Refuse(parsed);
        try
        {
            // Signals are handled here: what a command has begun to write it may finish.
            InvocationConfiguration own = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(own, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
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

    static int Refuse(ParseResult parsed)
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
        Command command = parsed.CommandResult.Command;
        string help = command is RootCommand ? "gpurnn --help" : $"gpurnn {Path(command)} --help";
        return Say($"{message} See: {help}");
    }

    static string Path(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
        ? $"{Path(parent)} {command.Name}" : command.Name;

    static int Say(string message)
    {
        Screen.Warn(message);
        return BadInput;
    }
}

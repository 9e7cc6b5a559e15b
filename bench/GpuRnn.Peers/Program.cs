using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using GpuRnn.Peers.Commands;

namespace GpuRnn.Peers;

/// <summary>The comparison with other libraries: exit 0; 2 for bad input, in a line on standard error; 130 for Ctrl-C.</summary>
static class Program
{
    const int BadInput = 2, Interrupted = 130;

    static async Task<int> Main(string[] args)
    {
        // options, files and reports are the same in every language
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        RootCommand root = CompareCommand.Create();
        root.Add(TextCommand.Create());
        root.Add(MemoryCommand.Create());
        root.Add(MemoryCommand.CreateChild());
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Say($"{parsed.Errors[0].Message} See: --help");
        using CancellationTokenSource interrupted = new();
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !interrupted.IsCancellationRequested; // the second time it ends at once
            interrupted.Cancel();
        });
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (GpuRnnException e)
        {
            return Say(e.Message);
        }
    }

    static int Say(string message)
    {
        Console.Error.WriteLine($"peers: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return BadInput;
    }
}

using System.CommandLine;
using System.Globalization;
using GpuRnn.Bench.Commands;

namespace GpuRnn.Bench;

/// <summary>What is made of measurements: exit 0; 1 for a failed check; 2 for bad input, in a line on standard error.</summary>
static class Program
{
    const int BadInput = 2;

    static int Main(string[] args)
    {
        // options, files and reports are the same in every language
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        RootCommand root = new("Benchmarks, and what is made of their results.")
        {
            BenchmarksCommand.Create(),
            ReportCommand.Create(),
            CompareCommand.Create(),
        };
        // No @FILE: an argument is what it says.
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0) return Refuse(parsed);
        try
        {
            return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (GpuRnnException e)
        {
            return Say(e.Message);
        }
    }

    static int Refuse(ParseResult parsed)
    {
        // An unknown word is the cause of whatever else is missing.
        string message = parsed.UnmatchedTokens.Count > 0 ? $"unknown command or option '{parsed.UnmatchedTokens[0]}'."
            : parsed.Errors[0].Message;
        // The name of a .NET type says nothing to who uses the program.
        if (message.IndexOf(" as expected type", StringComparison.Ordinal) is > 0 and var end) message = message[..end] + ".";
        return Say($"{message} See: --help");
    }

    static int Say(string message)
    {
        Console.Error.WriteLine($"bench: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return BadInput;
    }
}

using GpuRnn.Reports;

namespace GpuRnn.Programs;

/// <summary>What a program says on standard error: one line, whatever it quotes.</summary>
public static class ErrorLine
{
    const int Longest = 1000;

    /// <summary>White space as single spaces, control characters as signs, and not longer than a reader bears.</summary>
    /// <param name="program">Who says it.</param>
    /// <param name="message">What.</param>
    public static void Write(string program, string message)
    {
        string line = Escape.Clean(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Console.Error.WriteLine($"{program}: {(line.Length > Longest ? line[..Longest] + "..." : line)}");
    }
}

namespace GpuRnn.Interop;

/// <summary>One line about a file, whatever its name and its content put into it.</summary>
public static class FileError
{
    const int Longest = 60;

    /// <summary>What is wrong with a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is wrong, behind the path and a colon.</param>
    /// <param name="inner">What it came from.</param>
    public static BadFileException Of(string path, string what, Exception? inner = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(what);
        return new($"{(path.Length == 0 ? "''" : Clean(path))}: {Clean(what).TrimEnd('.')}.", inner);
    }

    /// <summary>A piece of a file's content, in quotes and not longer than a line bears.</summary>
    /// <param name="text">The piece.</param>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}...' ({text.Length} characters)";
    }

    internal static string Tensor(string name) => $"tensor {Quote(name)}";

    static string Clean(string text) => string.Concat(text.Select(c => IsBreak(c) ? $"\\u{(int)c:x4}" : c.ToString()));

    static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}

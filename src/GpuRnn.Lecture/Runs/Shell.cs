namespace GpuRnn.Lecture.Runs;

/// <summary>Words of a command that does a run again.</summary>
public static class Shell
{
    /// <summary>A path or another value as a shell takes it.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-,:".Contains(c)) ? word
        : $"'{word.Replace("'", "'\\''")}'";
}

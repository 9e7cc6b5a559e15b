namespace GpuRnn.Interop;

/// <summary>Where a user's programs keep what can be made again.</summary>
static class UserFolder
{
    /// <summary>Ours.</summary>
    public static string Cache
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
                : Path.Combine(home, ".cache");
            return Path.Combine(cache, "gpurnn");
        }
    }

    /// <summary>A name of a machine or a device as a part of a file's name: letters and digits, and between them single dashes.</summary>
    public static string Plain(string name) => string.Join('-', string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Compiled kernels.</summary>
    public static string Kernels => Path.Combine(Cache, "kernels");
}

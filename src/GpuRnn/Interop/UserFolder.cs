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

    /// <summary>Compiled kernels.</summary>
    public static string Kernels => Path.Combine(Cache, "kernels");
}

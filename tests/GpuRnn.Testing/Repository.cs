namespace GpuRnn.Testing;

/// <summary>The checkout that tests were built in.</summary>
public static class Repository
{
    /// <summary>Its top, found from where the tests lie.</summary>
    public static string Root
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GpuRnn.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new DirectoryNotFoundException("no GpuRnn.sln above the tests");
        }
    }
}

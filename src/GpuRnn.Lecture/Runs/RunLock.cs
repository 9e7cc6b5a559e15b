using GpuRnn.Interop;

namespace GpuRnn.Lecture.Runs;

/// <summary>
/// A run's hold on its folder: of two at once each would replace half of the other's files. It ends with the process, however that
/// ends, and leaves no folder behind in which nothing was written.
/// </summary>
sealed class RunLock : IDisposable
{
    readonly string folder;
    readonly bool made;
    readonly FileStream file;

    /// <summary>Makes the folder, if it is not there, and takes away what a process that was killed has left half-written.</summary>
    /// <exception cref="GpuRnnException">It cannot be made or written to, or another run has it.</exception>
    public RunLock(RunFolder run)
    {
        folder = run.Path;
        made = !Directory.Exists(folder);
        run.Make();
        try
        {
            file = new(Path.Combine(folder, ".gpurnn-lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"The folder '{folder}' cannot be written to, or another run writes to it: {e.Message}", e);
        }
        AtomicFile.RemoveLeftovers(folder);
    }

    public void Dispose()
    {
        file.Dispose();
        if (made && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}

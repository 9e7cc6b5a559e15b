using System.Runtime.InteropServices;

namespace GpuRnn.Interop;

/// <summary>Writes files whole or not at all: whenever the machine stops, the name holds the old file or the new one.</summary>
public static class AtomicFile
{
    const string Devices = "/dev";

    /// <summary>
    /// Writes a file beside the target, forces it to the disk and renames it over the target, whose permissions it takes over. A link stays
    /// a link: what it points to is replaced. If the process is killed meanwhile, a .gpurnn-*.tmp may stay behind.
    /// </summary>
    /// <param name="path">The target; its folder must be there.</param>
    /// <param name="write">Writes the content; leaves the stream open. What it throws is thrown on, IOException as
    /// BadFileException.</param>
    /// <exception cref="BadFileException">The file cannot be written there. The target is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            string target = Target(path);
            if (Path.GetDirectoryName(target) == Devices) WriteDevice(target, write);
            else WriteFile(target, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileError.Of(path, $"cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Takes away what writers that were killed have left half-written in a folder; what one still writes is left alone.</summary>
    /// <param name="folder">The folder.</param>
    public static void RemoveLeftovers(string folder)
    {
        foreach (string temporary in Directory.EnumerateFiles(folder, Temporary("*")))
        {
            try
            {
                // who writes it has locked it
                using FileStream free = new(temporary, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // it is in use, or not ours to take
            }
        }
    }

    static string Temporary(string name) => $".gpurnn-{name}.tmp";

    static string Target(string path)
    {
        FileInfo file;
        try
        {
            file = new(path);
        }
        catch (ArgumentException e)
        {
            throw new IOException(e.Message, e);
        }
        string target = file.LinkTarget is null || file.DirectoryName == Devices ? file.FullName
            : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target)) throw new IOException("it is a folder");
        string? folder = Path.GetDirectoryName(target);
        return Directory.Exists(folder) ? target : throw new IOException($"there is no folder {folder}");
    }

    // /dev/null and /dev/stdout are written to, never renamed over: for root that would work, and last.
    static void WriteDevice(string target, Action<Stream> write)
    {
        using FileStream device = new(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        write(device);
    }

    static void WriteFile(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(target)!, temporary = Path.Combine(folder, Temporary(Path.GetRandomFileName()));
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
                write(file);
                // Without this some file systems rename first and write later: after a power cut the target would be empty.
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
        FlushFolder(folder);
    }

    static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what the caller must hear of.
        }
    }

    // The rename lasts only once the folder is on disk too. .NET opens no folders, hence libc. Where this fails the file is still whole:
    // at worst the old one is back after a power cut.
    static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, 0);
        if (descriptor < 0) return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open")]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    static extern int Close(int descriptor);
}

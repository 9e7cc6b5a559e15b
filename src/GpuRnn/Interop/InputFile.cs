namespace GpuRnn.Interop;

/// <summary>Files that are read. What is no file is told before it is opened: opening a pipe waits until somebody writes to it.</summary>
static class InputFile
{
    /// <summary>Opens a file from its beginning.</summary>
    /// <exception cref="GpuRnnException">It is not there, is empty, is a folder, a pipe or a device, or may not be read: in one line.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            if (path.Length == 0) throw new IOException("a path is needed");
            if (Directory.Exists(path)) throw new IOException("it is a folder");
            FileInfo link = new(path);
            FileSystemInfo file = link.ResolveLinkTarget(returnFinalTarget: true) ?? link;
            // What is there, but has no bytes of its own. In /dev/fd it is not even that.
            if (file is FileInfo { Exists: true, Length: 0 } || !file.Exists && File.Exists(path))
                throw new GpuRnnException($"'{path}' is empty. (If it is a pipe or a device: write what it gives to a file first, for data is read more than once.)");
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.');
            throw new GpuRnnException($"'{path}' cannot be read: {why}.", e);
        }
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="GpuRnnException">It cannot be read, or is larger than an array.</exception>
    public static byte[] ReadAll(string path)
    {
        using FileStream file = Open(path);
        if (file.Length > Array.MaxLength) throw new GpuRnnException($"'{path}' has {file.Length} bytes; expected at most {Array.MaxLength}.");
        byte[] bytes = new byte[file.Length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : throw new GpuRnnException($"'{path}' has become shorter while it was read.");
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuRnn.Interop;

/// <summary>Files that are read. What is no file is told before it is opened: opening a pipe waits until somebody writes to it.</summary>
public static class InputFile
{
    /// <summary>Opens a file from its beginning.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It is not there, is a folder or a pipe, or its name is none.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0')) throw new IOException("its name is none");
        if (Directory.Exists(path)) throw new IOException("it is a folder; expected a file");
        if (IsPipe(path)) throw new IOException(
            "it is a pipe; expected a file: write what it gives to one first, for data is read more than once");
        return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened, is larger than an array, or becomes shorter while it is read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using FileStream file = Open(path);
        if (file.Length > Array.MaxLength) throw new IOException($"it has {file.Length} bytes; expected at most {Array.MaxLength}");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Where no place can be sought there are no bytes to come back to. Opened so that nobody is waited for, which .NET cannot.
    /// </summary>
    static bool IsPipe(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return false;
        using SafeFileHandle handle = new(OpenAtOnce(path, OperatingSystem.IsMacOS() ? 0x4 : 0x800), ownsHandle: true);
        if (handle.IsInvalid) return false; // opening it as usual says why
        using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
        return !stream.CanSeek;
    }

    [DllImport("libc", EntryPoint = "open")]
    static extern nint OpenAtOnce([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}

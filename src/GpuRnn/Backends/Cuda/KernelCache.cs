using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using GpuRnn.Interop;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// Texts of kernels in the user's cache folder, for ILGPU takes seconds for some. A file is named by the <see cref="KernelIdentity"/>, and
/// begins with a hash of the text. What cannot be read or written is compiled as if there were no folder.
/// </summary>
static class KernelCache
{
    /// <summary>Files that are kept; when there are more, the older half goes.</summary>
    const int Most = 2048;

    /// <summary>The text of a kernel.</summary>
    /// <param name="folder">Where texts are kept.</param>
    /// <param name="method">The kernel.</param>
    /// <param name="how">How it is compiled.</param>
    /// <param name="compile">Compiles it.</param>
    public static string Find(string folder, MethodInfo method, string how, Func<string> compile)
    {
        string path = Path.Combine(folder, KernelIdentity.Of(method, how) + ".ptx.gz");
        if (Read(path) is string known) return known;
        string text = compile();
        Write(path, text);
        return text;
    }

    static string? Read(string path)
    {
        try
        {
            using GZipStream file = new(File.OpenRead(path), CompressionMode.Decompress);
            using StreamReader reader = new(file, Encoding.UTF8);
            string? hash = reader.ReadLine();
            string text = reader.ReadToEnd();
            return hash == HashOf(text) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    static void Write(string path, string text)
    {
        try
        {
            string folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            MakeRoom(folder);
            AtomicFile.Write(path, file =>
            {
                using GZipStream packed = new(file, CompressionLevel.Fastest, leaveOpen: true);
                packed.Write(Encoding.UTF8.GetBytes(HashOf(text) + '\n' + text));
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadFileException)
        {
            // the next program compiles it again
        }
    }

    static void MakeRoom(string folder)
    {
        FileInfo[] files = new DirectoryInfo(folder).GetFiles("*.ptx.gz");
        if (files.Length < Most) return;
        foreach (FileInfo file in files.OrderBy(f => f.LastWriteTimeUtc).Take(Most / 2)) file.Delete();
    }

    static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

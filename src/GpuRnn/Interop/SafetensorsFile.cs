using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GpuRnn.Interop;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its element type as the file names it: F32, F64, I64, BF16 and so on.</param>
/// <param name="Shape">Its shape, row-major; empty for a single number.</param>
/// <param name="Length">Elements.</param>
public sealed record TensorEntry(string Name, string DType, IReadOnlyList<long> Shape, long Length)
{
    /// <summary>Where its bytes begin behind the header.</summary>
    internal long Begin { get; init; }

    /// <summary>Where they end.</summary>
    internal long End { get; init; }
}

/// <summary>
/// A safetensors file, open for reading. Opening it reads and checks its header alone; tensors are read one at a time, so that a file
/// needs no more memory than its largest tensor. Check a tensor's <see cref="TensorEntry.Length"/> before reading it if the file is not
/// trusted: what is there is read, however large. Tensors can be read from several threads at once.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    const int HeaderStart = 8, ChunkElements = 1 << 16;
    readonly SafeFileHandle handle;
    readonly string path;
    readonly long dataStart;

    SafetensorsFile(SafeFileHandle handle, string path)
    {
        (this.handle, this.path) = (handle, path);
        long fileLength = RandomAccess.GetLength(handle);
        CheckLength(fileLength, path);
        byte[] prefix = new byte[HeaderStart];
        ReadExactly(prefix, 0);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong most = (ulong)Math.Min(SafetensorsHeader.Longest, fileLength - HeaderStart);
        if (length > most)
            throw FileError.Of(path, $"its header claims {length} bytes; expected no more than {most}, in a file of {fileLength} bytes");
        byte[] json = new byte[length];
        ReadExactly(json, HeaderStart);
        dataStart = HeaderStart + json.Length;
        SafetensorsHeader header = new(json, fileLength - dataStart, path);
        Metadata = header.Metadata ?? [];
        Tensors = header.Tensors;
    }

    /// <summary>What the file says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Its tensors by their names, in the order of the header.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="BadFileException">It cannot be read, or something in it is not as the format has it; what, in one line.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SafeFileHandle? handle = null;
        try
        {
            if (Directory.Exists(path)) throw new IOException("it is a folder");
            FileInfo file = new(path);
            if (file.LinkTarget is not null) file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            // Before it is opened: opening a named pipe would wait for someone to write to it.
            if (file.Exists) CheckLength(file.Length, path);
            handle = File.OpenHandle(path, share: FileShare.Read | FileShare.Delete);
            return new(handle, path);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            string? what = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "there is no permission to read it",
                IOException or ArgumentException or NotSupportedException => $"cannot be read: {e.Message}",
                _ => null,
            };
            if (what is null) throw;
            throw FileError.Of(path, what, e);
        }
    }

    /// <summary>Reads a tensor as the type that a model computes in.</summary>
    internal E[] Read<E>(string name) where E : unmanaged, IFloatingPointIeee754<E> =>
        typeof(E) == typeof(float) ? (E[])(object)ReadSingle(name) : (E[])(object)ReadDouble(name);

    /// <summary>Reads a tensor of F32 or F64 as float.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadFileException">It is not there, has another type, or the file has changed.</exception>
    public float[] ReadSingle(string name) => ReadReal<float>(name);

    /// <summary>Reads a tensor of F32 or F64 as double.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadFileException">It is not there, has another type, or the file has changed.</exception>
    public double[] ReadDouble(string name) => ReadReal<double>(name);

    /// <summary>Reads a tensor of I64 or I32.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="BadFileException">It is not there, has another type, or the file has changed.</exception>
    public long[] ReadInt64(string name) => Entry(name) switch
    {
        { DType: "I64" } tensor => Read<long, long>(tensor),
        { DType: "I32" } tensor => Read<int, long>(tensor),
        TensorEntry tensor => throw WrongType(tensor, "I64 or I32"),
    };

    E[] ReadReal<E>(string name) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E> => Entry(name) switch
    {
        { DType: "F32" } tensor => Read<float, E>(tensor),
        { DType: "F64" } tensor => Read<double, E>(tensor),
        TensorEntry tensor => throw WrongType(tensor, "F32 or F64"),
    };

    TensorEntry Entry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tensors.TryGetValue(name, out TensorEntry? tensor) ? tensor : throw FileError.Of(path,
            $"there is no {FileError.Tensor(name)}; there is {string.Join(", ", Tensors.Keys.Take(20).Select(FileError.Quote))}"
            + (Tensors.Count > 20 ? $" and {Tensors.Count - 20} more" : ""));
    }

    BadFileException WrongType(TensorEntry tensor, string expected) =>
        FileError.Of(path, $"{FileError.Tensor(tensor.Name)} is {tensor.DType}; expected {expected}");

    To[] Read<From, To>(TensorEntry tensor) where From : unmanaged, INumberBase<From> where To : unmanaged, INumberBase<To>
    {
        if (tensor.Length > Array.MaxLength)
            throw FileError.Of(path, $"{FileError.Tensor(tensor.Name)} has {tensor.Length} elements; an array holds {Array.MaxLength}");
        To[] all = new To[tensor.Length];
        From[] chunk = new From[Math.Min(all.Length, ChunkElements)];
        for (int done = 0; done < all.Length; done += chunk.Length)
        {
            Span<From> part = chunk.AsSpan(0, Math.Min(chunk.Length, all.Length - done));
            ReadExactly(MemoryMarshal.AsBytes(part), dataStart + tensor.Begin + (long)done * Unsafe.SizeOf<From>());
            TensorPrimitives.ConvertTruncating<From, To>(part, all.AsSpan(done));
            for (int i = 0; i < part.Length; i++)
                if (To.IsInfinity(all[done + i]) && !From.IsInfinity(part[i]))
                    throw FileError.Of(path, FormattableString.Invariant(
                        $"{FileError.Tensor(tensor.Name)} has {part[i]} at {done + i}, which is too large for {typeof(To).Name}"));
        }
        return all;
    }

    void ReadExactly(Span<byte> bytes, long offset)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int read = RandomAccess.Read(handle, bytes, offset);
                if (read == 0) throw new IOException("it was cut short while it was open");
                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (IOException e)
        {
            throw FileError.Of(path, $"cannot be read: {e.Message}", e);
        }
    }

    static void CheckLength(long length, string path)
    {
        if (length < HeaderStart) throw FileError.Of(path, $"it is {length} bytes long; expected at least {HeaderStart}");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => handle.Dispose();
}

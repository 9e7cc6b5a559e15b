using System.Text;
using GpuRnn.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuRnn.Data;

/// <summary>
/// The lines of a UTF-8 file, which may be larger than memory: where lines begin is kept, and a line is read when it is asked for.
/// Several threads may ask.
/// </summary>
public sealed class TextLines : IDisposable
{
    const int MostBytes = 1 << 24;
    const string Number = "The number of a line, from 0,";

    readonly SafeFileHandle file;
    readonly List<long> starts = [];
    readonly long end;

    TextLines(string path, SafeFileHandle file, IProgress<double>? progress, CancellationToken cancel)
    {
        (Path, this.file) = (path, file);
        end = RandomAccess.GetLength(file);
        Scan(progress, cancel);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many lines there are; a line feed at the end begins none.</summary>
    public int Count => starts.Count;

    /// <summary>Opens a file and reads it through once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told which share of the file has been read.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="BadFileException">It cannot be read, is empty, is not UTF-8, or has a line of more than 16 MiB; the message names
    /// the line.</exception>
    public static TextLines Open(string path, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        FileStream? file = null;
        try
        {
            file = InputFile.Open(path);
            TextLines lines = new(path, file.SafeFileHandle, progress, cancel);
            return lines.Count > 0 ? lines : throw new BadFileException($"'{path}' is empty.");
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new BadFileException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
            throw;
        }
    }

    void Scan(IProgress<double>? progress, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 16];
        int held = 0;
        long at = 0;
        for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(held), at + held)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            int begin = 0;
            held += read;
            for (int feed; (feed = buffer.AsSpan(begin, held - begin).IndexOf((byte)'\n')) >= 0; begin += feed + 1) Add(
                at + begin, buffer.AsSpan(begin, feed));
            (at, held) = (at + begin, held - begin);
            buffer.AsSpan(begin, held).CopyTo(buffer);
            if (held > MostBytes) throw TooLong();
            progress?.Report((double)at / end);
            if (held > buffer.Length / 2) Array.Resize(ref buffer, buffer.Length * 2);
        }
        if (held > 0 && !(at == 0 && buffer.AsSpan(0, held).SequenceEqual(Encoding.UTF8.Preamble))) Add(at, buffer.AsSpan(0, held));
    }

    void Add(long start, ReadOnlySpan<byte> line)
    {
        if (line.Length > MostBytes) throw TooLong();
        bool mark = start == 0 && line.StartsWith(Encoding.UTF8.Preamble);
        if (mark) line = line[3..];
        starts.Add(mark ? start + 3 : start);
        if (Utf8Text.Fault(line) is { } fault) throw new BadFileException($"{Where(Count - 1)} {fault}");
    }

    BadFileException TooLong() => new($"{Where(Count)} is longer than 16 MiB. Is this a text file?");

    /// <summary>A line without its line feed, or carriage return and line feed.</summary>
    /// <param name="line">From 0.</param>
    /// <exception cref="BadArgumentException">There is no such line.</exception>
    /// <exception cref="BadFileException">The file has become shorter.</exception>
    public string this[int line]
    {
        get
        {
            byte[] bytes = new byte[BytesOf(line)];
            for (int got = 0, read; got < bytes.Length; got += read)
                if ((read = RandomAccess.Read(file, bytes.AsSpan(got), starts[line] + got)) == 0)
                    throw new BadFileException($"'{Path}' has become shorter while it was read.");
            ReadOnlySpan<byte> text = bytes;
            if (text.EndsWith("\n"u8)) text = text[..^1];
            return Encoding.UTF8.GetString(text.EndsWith("\r"u8) ? text[..^1] : text);
        }
    }

    /// <summary>A line's bytes, with its line feed: about its length, without reading it.</summary>
    /// <exception cref="BadArgumentException">There is no such line.</exception>
    public long BytesOf(int line)
    {
        Limits.Index(line, Count, Number);
        return (line + 1 < Count ? starts[line + 1] : end) - starts[line];
    }

    /// <summary>A line as messages name it, counted from 1; it need not be there.</summary>
    /// <exception cref="BadArgumentException">The number is negative.</exception>
    public string Where(int line) => $"'{Path}' line {Limits.AtLeast(line, 0, Number) + 1}";

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();
}

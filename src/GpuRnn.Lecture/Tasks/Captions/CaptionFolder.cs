using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GpuRnn.Data;
using GpuRnn.Interop;
using GpuRnn.Reports;
using SkiaSharp;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>
/// A folder of PNG files, all of one size, and captions.tsv with a file name, a tab and a caption a line. A picture is decoded when it
/// is asked for; several lines may name the same.
/// </summary>
sealed class CaptionFolder : IDisposable
{
    public const string CaptionsName = "captions.tsv";

    const string Expected = "expected a file name, one tab and a caption";
    static readonly byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    readonly string folder;
    readonly TextLines lines;

    CaptionFolder(string folder, TextLines lines, CancellationToken cancel)
    {
        (this.folder, this.lines) = (folder, lines);
        foreach (int line in Enumerable.Range(0, Count).WithCancellation(cancel))
        {
            (int width, int height) = SizeOf(line);
            if (line == 0) (Width, Height) = (width, height);
            else if ((width, height) != (Width, Height))
                throw Bad(line,
                    $"'{Split(line).Name}' has {width} x {height} pixels: expected {Width} x {Height} as '{Split(0).Name}' has");
        }
    }

    public int Count => lines.Count;

    /// <summary>Pixels, of every picture.</summary>
    public int Width { get; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; }

    /// <summary>Opens a folder, and looks at every line and at every picture's head once.</summary>
    /// <exception cref="GpuRnnException"> There is no such folder or no captions.tsv, a line is not as expected, or its file is
    /// missing, no PNG, or of another size than the first; the message names the first such line.
    /// </exception>
    public static CaptionFolder Read(string path, CancellationToken cancel = default)
    {
        string captions = Path.Combine(path, CaptionsName);
        if (!Directory.Exists(path)) throw new GpuRnnException($"'{path}' is no folder: expected one with PNG files and {CaptionsName}.");
        if (!Path.Exists(captions)) throw new GpuRnnException($"'{path}' has no {CaptionsName}: {Expected} a line in it.");
        TextLines lines = TextLines.Open(captions, cancel: cancel);
        try
        {
            return new(path, lines, cancel);
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>A caption, with single spaces between its words. Does not read the picture.</summary>
    /// <param name="line">From 0.</param>
    public string Caption(int line) => Split(line).Caption;

    /// <summary>Tells a line from what it was: its text, and the bytes of its picture.</summary>
    /// <param name="line">From 0.</param>
    public byte[] Mark(int line) =>
        [.. Encoding.UTF8.GetBytes(lines[line] + "\n"), .. SHA256.HashData(InputFile.ReadAll(Path.Combine(folder, Split(line).Name)))];

    /// <summary>A picture and its caption.</summary>
    /// <param name="line">From 0.</param>
    /// <exception cref="GpuRnnException">The file is damaged, or not any more what it was.</exception>
    public CaptionedPicture this[int line] => new(Decode(line), Caption(line));

    (string Name, string Caption) Split(int line)
    {
        string[] sides = lines[line].Split('\t');
        if (sides.Length != 2) throw Bad(line, sides.Length == 1 ? $"no tab: {Expected}" : $"{sides.Length - 1} tabs: {Expected}");
        string name = sides[0].Trim(), caption = string.Join(' ', sides[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (name.Length == 0) throw Bad(line, $"nothing before the tab: {Expected}");
        if (caption.Length == 0) throw Bad(line, $"nothing after the tab: {Expected}");
        return name == Path.GetFileName(name) && name is not (".." or ".") ? (name, caption)
            : throw Bad(line, $"'{name}' is no file name: expected a file of the folder itself");
    }

    /// <summary>
    /// A PNG begins with its signature and a chunk that has width and height first (PNG specification, sections 5.2 and 11.2.1).
    /// </summary>
    (int Width, int Height) SizeOf(int line)
    {
        string name = Split(line).Name;
        byte[] head = new byte[24];
        int read;
        try
        {
            using FileStream file = InputFile.Open(Path.Combine(folder, name));
            read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is FileNotFoundException)
        {
            throw Bad(line, $"'{name}' is not in the folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Bad(line, $"'{name}' cannot be read: {e.Message.TrimEnd('.')}", e);
        }
        if (read < head.Length || !head.AsSpan(0, signature.Length).SequenceEqual(signature)) throw Bad(line, $"'{name}' is no PNG file");
        return (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(20)));
    }

    RgbPicture Decode(int line)
    {
        if (SizeOf(line) != (Width, Height)) throw Bad(line, "the picture's size has changed since the folder was opened");
        string name = Split(line).Name;
        using SKCodec? codec = SKCodec.Create(Path.Combine(folder, name));
        if (codec is null) throw Bad(line, $"'{name}' is a damaged PNG file");
        using SKBitmap bitmap = new(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success) throw Bad(line, $"'{name}' is a damaged PNG file");
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        byte[] bytes = new byte[3 * Width * Height];
        // What can be seen through is seen on white paper.
        for (int i = 0; i < bytes.Length; i++)
        {
            int pixel = i / 3 * 4, alpha = pixels[pixel + 3];
            bytes[i] = (byte)((pixels[pixel + i % 3] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
        return new(Width, Height, bytes);
    }

    GpuRnnException Bad(int line, string what, Exception? inner = null) => new($"{lines.Where(line)}: {what}.", inner);

    public void Dispose() => lines.Dispose();
}

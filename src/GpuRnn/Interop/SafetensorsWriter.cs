using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GpuRnn.Interop;

/// <summary>Writes safetensors files: whole or not at all, the same bytes for the same content.</summary>
public static class SafetensorsWriter
{
    const int Alignment = 8, Chunk = 1 << 20;

    /// <summary>Writes a file, over an old one if there is one.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <param name="tensors">Names, shapes and elements, row-major, in an array of float, double, long or int.</param>
    /// <param name="progress">Told which share of the tensors is done.</param>
    /// <param name="cancel">Ends the writing; an old file is as it was.</param>
    /// <exception cref="BadFileException"> The tensors are none that a file can hold (two of one name, a shape that is not the data's), or
    /// the file cannot be written. An old file is as it was. </exception>
    public static void Write(string path, IReadOnlyDictionary<string, string>? metadata,
        IEnumerable<(string Name, IReadOnlyList<long> Shape, Array Data)> tensors,
        IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        // Large elements first: each tensor then begins at a multiple of its element's size, as readers that map files want it.
        Item[] items = [.. tensors.Select(t => new Item(path, t.Name, t.Shape, t.Data)).OrderByDescending(item => item.ElementSize)];
        byte[] header = Header(path, metadata, items);
        // One set of rules: what the reader would refuse is not written.
        _ = new SafetensorsHeader(header, items.Sum(item => item.Bytes), path);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            for (int i = 0; i < items.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                items[i].Write(stream);
                progress?.Report((i + 1.0) / items.Length);
            }
        });
    }

    static byte[] Header(string path, IReadOnlyDictionary<string, string>? metadata, Item[] items)
    {
        ArrayBufferWriter<byte> buffer = new();
        // Escapes would be right too, but a name that people can read is better; nothing here ends up in HTML.
        using (Utf8JsonWriter json = new(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long begin = 0;
            foreach (Item item in items) item.Describe(json, ref begin);
            json.WriteEndObject();
        }
        int length = (buffer.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (length > SafetensorsHeader.Longest)
            throw FileError.Of(path, $"the header would have {length} bytes; expected no more than {SafetensorsHeader.Longest}");
        buffer.GetSpan(Alignment).Fill((byte)' ');
        buffer.Advance(length - buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    sealed class Item
    {
        readonly string name, dtype;
        readonly IReadOnlyList<long> shape;
        readonly Array data;

        public Item(string path, string name, IReadOnlyList<long> shape, Array data)
        {
            (this.name, this.shape, this.data) = (name, shape, data);
            (dtype, ElementSize) = Type.GetTypeCode(data.GetType().GetElementType()) switch
            {
                TypeCode.Single => ("F32", sizeof(float)),
                TypeCode.Double => ("F64", sizeof(double)),
                TypeCode.Int64 => ("I64", sizeof(long)),
                TypeCode.Int32 => ("I32", sizeof(int)),
                _ => throw FileError.Of(path, $"{FileError.Tensor(name)} is {data.GetType()}; expected float[], double[], long[] or int[]"),
            };
        }

        public int ElementSize { get; }

        public long Bytes => data.LongLength * ElementSize;

        public void Describe(Utf8JsonWriter json, ref long begin)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", dtype);
            json.WriteStartArray("shape");
            foreach (long size in shape) json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(begin += Bytes);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        // In chunks, because a span has fewer bytes than an array may have.
        public void Write(Stream stream)
        {
            ref byte start = ref MemoryMarshal.GetArrayDataReference(data);
            for (long done = 0; done < Bytes; done += Chunk)
                stream.Write(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, (nint)done), (int)Math.Min(Chunk, Bytes - done)));
        }
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using PureHDF.Filters;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Blosc 1, filter 32001, the usual compression of pandas and PyTables; what is inside may be blosclz, lz4, zlib or zstd. By the format's
/// description (README_CHUNK_FORMAT in c-blosc): 16 bytes of header, an offset for each block, and blocks of one or more streams, each of
/// which comes after its length.
/// </summary>
sealed class BloscFilter : IH5Filter
{
    const int HeaderLength = 16, MostSplits = 16, LeastSplit = 128;

    public ushort FilterId => 32001;

    public string Name => "blosc";

    public Memory<byte> Filter(FilterInfo info) => Unpack(info.Buffer.Span, info.ChunkSize);

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        throw new NotSupportedException();

    /// <summary>Unpacks a chunk.</summary>
    /// <param name="chunk">Its bytes.</param>
    /// <param name="expected">The length that it has to have, bytes: what it says of itself is not believed.</param>
    /// <exception cref="GpuRnnException">It is broken, or packed in a way that is not read.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> chunk, int expected)
    {
        if (chunk.Length < HeaderLength) throw Broken();
        byte flags = chunk[2];
        int typeSize = chunk[3], length = Int(chunk, 4), blockLength = Int(chunk, 8), packed = Int(chunk, 12);
        if (length != expected || packed > chunk.Length || typeSize == 0 || blockLength <= 0) throw Broken();
        byte[] all = new byte[length];
        bool shuffled = (flags & 1) != 0, copied = (flags & 2) != 0, bitShuffled = (flags & 4) != 0, whole = (flags & 16) != 0;
        if (copied)
        {
            if (HeaderLength + length > chunk.Length) throw Broken();
            chunk.Slice(HeaderLength, length).CopyTo(all);
            return all;
        }
        if (bitShuffled)
            throw new GpuRnnException(
                "it is compressed with blosc's shuffle of bits, which is not read; expected its shuffle of bytes, or none.");
        for (int block = 0; (long)block * blockLength < length; block++)
        {
            int start = block * blockLength, size = Math.Min(blockLength, length - start), at = Int(chunk, HeaderLength + 4 * block);
            bool split = !whole && typeSize <= MostSplits && size / typeSize >= LeastSplit && size == blockLength;
            int streams = split ? typeSize : 1, each = size / streams;
            byte[] bytes = new byte[size];
            for (int i = 0; i < streams; i++)
            {
                int taken = Int(chunk, at);
                at += 4;
                if (taken < 0 || at + (long)taken > chunk.Length) throw Broken();
                Span<byte> into = bytes.AsSpan(i * each, each);
                if (taken == each) chunk.Slice(at, taken).CopyTo(into);
                else Decode(flags >> 5, chunk.Slice(at, taken), into);
                at += taken;
            }
            if (shuffled && typeSize > 1) Unshuffle(bytes, all.AsSpan(start, size), typeSize);
            else bytes.CopyTo(all, start);
        }
        return all;
    }

    static void Decode(int codec, ReadOnlySpan<byte> packed, Span<byte> into)
    {
        int written = codec switch
        {
            0 => BloscLz.Decode(packed, into),
            1 => LZ4Codec.Decode(packed, into),
            3 => Zlib(packed, into),
            4 => Zstd(packed, into),
            _ => throw new GpuRnnException(
                $"it is compressed with blosc's {(codec == 2 ? "snappy" : $"codec {codec}")}, which is not read; "
                + $"expected blosclz, lz4, zlib or zstd."),
        };
        if (written != into.Length) throw Broken();
    }

    static int Zlib(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        using MemoryStream source = new(packed.ToArray());
        using ZLibStream stream = new(source, CompressionMode.Decompress);
        return stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
    }

    static int Zstd(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        using ZstdSharp.Decompressor decompressor = new();
        return decompressor.Unwrap(packed, into);
    }

    /// <summary>From all first bytes of elements, all second ones and so on, back to elements; what is left over stays as it is.</summary>
    static void Unshuffle(ReadOnlySpan<byte> bytes, Span<byte> into, int typeSize)
    {
        int elements = bytes.Length / typeSize;
        for (int i = 0; i < typeSize; i++)
            for (int e = 0; e < elements; e++) into[e * typeSize + i] = bytes[i * elements + e];
        bytes[(elements * typeSize)..].CopyTo(into[(elements * typeSize)..]);
    }

    static int Int(ReadOnlySpan<byte> chunk, int at) =>
        at >= 0 && at + 4L <= chunk.Length ? BinaryPrimitives.ReadInt32LittleEndian(chunk[at..]) : throw Broken();

    static GpuRnnException Broken() => new("a chunk compressed with blosc is broken; expected one that unpacks to its length.");
}

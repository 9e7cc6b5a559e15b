using ICSharpCode.SharpZipLib.BZip2;
using PureHDF.Filters;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>bzip2 as PyTables writes it, filter 307: a stream a chunk.</summary>
sealed class Bzip2Filter : IH5Filter
{
    public ushort FilterId => 307;

    public string Name => "bzip2";

    public Memory<byte> Filter(FilterInfo info)
    {
        using MemoryStream packed = new(info.Buffer.ToArray());
        using BZip2InputStream stream = new(packed);
        byte[] all = new byte[info.ChunkSize];
        stream.ReadExactly(all);
        return all;
    }

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        throw new NotSupportedException();
}

/// <summary>A compression that is known by name and not read: says so in one line.</summary>
sealed class UnreadableFilter(ushort id, string name) : IH5Filter
{
    /// <summary>Numbers and names of the HDF Group's registry of filters.</summary>
    public static readonly (ushort Id, string Name)[] Known =
        [(305, "lzo"), (32000, "lzf"), (32004, "lz4"), (32008, "bitshuffle"), (32013, "zfp"), (32015, "zstd"), (32026, "blosc2")];

    public ushort FilterId => id;

    public string Name => name;

    public Memory<byte> Filter(FilterInfo info) =>
        throw new GpuRnnException(
            $"it is compressed with {name} (HDF5 filter {id}), which is not read; "
            + $"expected zlib, bzip2, blosc or no compression (pandas: to_hdf(..., complib='zlib')).");

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        throw new NotSupportedException();
}

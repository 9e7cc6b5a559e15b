using System.Buffers.Binary;
using PureHDF;
using PureHDF.Selections;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>A column of numbers within the rows of an HDF5 dataset.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where it begins in a row, bytes.</param>
/// <param name="Type">Of its numbers.</param>
readonly record struct Hdf5Column(string Name, int Offset, IH5DataType Type)
{
    /// <summary>The number in a row, of a file written on a little-endian machine.</summary>
    public double In(ReadOnlySpan<byte> row)
    {
        ReadOnlySpan<byte> at = row[Offset..];
        if (Type.Class == H5DataTypeClass.FloatingPoint)
            return Type.Size == 4 ? BinaryPrimitives.ReadSingleLittleEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at);
        bool signed = Type.Class == H5DataTypeClass.FixedPoint && Type.FixedPoint.IsSigned;
        return Type.Size switch
        {
            1 => signed ? (sbyte)at[0] : at[0],
            2 => signed ? BinaryPrimitives.ReadInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => signed ? BinaryPrimitives.ReadInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at),
            _ => signed ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at),
        };
    }

    /// <summary>Whether its numbers can be read: floating point of 4 or 8 bytes, integers, and what PyTables makes of booleans.</summary>
    public bool IsNumber => Type.Class switch
    {
        H5DataTypeClass.FloatingPoint => Type.Size is 4 or 8,
        H5DataTypeClass.FixedPoint => Type.Size is 1 or 2 or 4 or 8,
        H5DataTypeClass.BitField or H5DataTypeClass.Enumerated => Type.Size == 1,
        _ => false,
    };
}

/// <summary>A dataset whose rows hold columns.</summary>
sealed record Hdf5Table(IH5Dataset Dataset, int RowBytes, IReadOnlyList<Hdf5Column> Columns)
{
    public long Rows => (long)Dataset.Space.Dimensions[0];

    /// <summary>Rows that are stored together; 1 where any may be read.</summary>
    public long ChunkRows => Dataset.Layout.Class == H5DataLayoutClass.Chunked ? Math.Max(1, (long)Dataset.Layout.Chunks[0]) : 1;

    /// <summary>The bytes of some rows.</summary>
    public byte[] Read(long start, long count)
    {
        int rank = Dataset.Space.Rank;
        ulong width = rank == 2 ? Dataset.Space.Dimensions[1] : 1;
        Selection rows = rank == 2
            ? new HyperslabSelection(2, [(ulong)start, 0], [(ulong)count, width])
            : new HyperslabSelection((ulong)start, (ulong)count);
        if (Dataset.Type.Class == H5DataTypeClass.Compound) return Dataset.Read<byte[]>(rows);
        // numbers are only given as such
        return (Dataset.Type.Class, Dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 4) => Bytes<float>(rows, count * (long)width),
            (H5DataTypeClass.FloatingPoint, _) => Bytes<double>(rows, count * (long)width),
            (_, 1) => Bytes<byte>(rows, count * (long)width),
            (_, 2) => Bytes<short>(rows, count * (long)width),
            (_, 4) => Bytes<int>(rows, count * (long)width),
            _ => Bytes<long>(rows, count * (long)width),
        };
    }

    byte[] Bytes<T>(Selection rows, long count) where T : unmanaged
    {
        T[] numbers = new T[count];
        Dataset.Read(numbers, rows);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(numbers).ToArray();
    }
}

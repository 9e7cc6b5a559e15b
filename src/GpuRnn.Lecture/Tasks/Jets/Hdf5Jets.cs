using GpuRnn.Interop;
using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>Jets from an HDF5 file of the layouts of <see cref="Hdf5Layout"/>, a few megabytes of rows at a time.</summary>
static class Hdf5Jets
{
    static readonly Lazy<bool> s_filters = new(Register);

    /// <summary>Block by block.</summary>
    /// <param name="path">The file.</param>
    /// <param name="blockBytes">About so many bytes at a time, and at least one of the file's chunks.</param>
    public static IEnumerable<Jet> Read(string path, long blockBytes = 4 << 20)
    {
        _ = s_filters.Value;
        using NativeFile file = JetFile.Guard(path, "HDF5", () =>
        {
            InputFile.Open(path).Dispose(); // what is no file it tells
            return H5File.OpenRead(path);
        });
        List<Hdf5Table> tables = JetFile.Guard(path, "HDF5", () => Hdf5Layout.Find(path, file));
        Hdf5Column[][] columns = [.. tables.Select(t => t.Columns.ToArray())];
        JetColumns wanted = new(path, [.. columns.SelectMany(c => c).Select(c => c.Name)]);
        long rows = tables[0].Rows, step = Step(tables, blockBytes);
        for (long start = 0; start < rows; start += step)
        {
            long from = start, count = Math.Min(step, rows - start);
            double[] block = JetFile.Guard(path, "HDF5", () => ReadBlock(path, tables, wanted, from, count));
            for (int i = 0; i < count; i++)
                yield return wanted.ToJet(block.AsSpan(i * wanted.RowLength, wanted.RowLength), $"row {start + i + 1}");
        }
    }

    /// <summary>Rows to read at a time: whole chunks, so that each is unpacked once.</summary>
    static long Step(List<Hdf5Table> tables, long blockBytes)
    {
        long chunk = tables.Max(t => t.ChunkRows), bytes = tables.Sum(t => (long)t.RowBytes);
        return chunk * Math.Max(1, blockBytes / Math.Max(1, chunk * bytes));
    }

    static double[] ReadBlock(string path, List<Hdf5Table> tables, JetColumns wanted, long start, long count)
    {
        double[] block = new double[count * wanted.RowLength];
        int before = 0;
        foreach (Hdf5Table table in tables)
        {
            byte[] bytes = table.Read(start, count);
            for (int i = 0; i < table.Columns.Count; i++)
            {
                if (wanted.Targets[before + i] is var target && target < 0) continue;
                Hdf5Column column = table.Columns[i];
                if (!column.IsNumber) throw JetColumns.Wrong(path, $"column '{column.Name}' is of {column.Type.Class}", "numbers");
                for (long row = 0; row < count; row++)
                    block[row * wanted.RowLength + target] = column.In(bytes.AsSpan((int)(row * table.RowBytes), table.RowBytes));
            }
            before += table.Columns.Count;
        }
        return block;
    }

    static bool Register()
    {
        H5Filter.Register(new BloscFilter());
        H5Filter.Register(new Bzip2Filter());
        foreach ((ushort id, string name) in UnreadableFilter.Known) H5Filter.Register(new UnreadableFilter(id, name));
        return true;
    }
}

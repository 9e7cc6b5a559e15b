using GpuRnn.Interop;
using Parquet;
using Parquet.Schema;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Jets from a Parquet file with a flat column for each of <see cref="JetColumns"/>; one row group at a time is in memory.
/// </summary>
static class ParquetJets
{
    // 512 MiB of float64
    const long MostNumbers = 1 << 26;

    /// <summary>Row group by row group.</summary>
    public static IEnumerable<Jet> Read(string path)
    {
        using FileStream stream = JetFile.Guard(path, "Parquet", () => InputFile.Open(path));
        ParquetReader reader = JetFile.Guard(path, "Parquet", () => ParquetReader.CreateAsync(stream, null, true).GetAwaiter().GetResult());
        try
        {
            DataField[] fields = JetFile.Guard(path, "Parquet", () => reader.Schema.GetDataFields());
            JetColumns columns = new(path, [.. fields.Select(f => f.Name)]);
            long before = 1;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                int number = group;
                double[] rows = JetFile.Guard(path, "Parquet", () => ReadGroup(path, reader, number, fields, columns));
                int count = rows.Length / columns.RowLength;
                for (int i = 0; i < count; i++)
                    yield return columns.ToJet(rows.AsSpan(i * columns.RowLength, columns.RowLength), $"row {before + i}");
                before += count;
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    static double[] ReadGroup(string path, ParquetReader reader, int number, DataField[] fields, JetColumns columns)
    {
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
        if (group.RowCount > MostNumbers / columns.RowLength)
            throw JetColumns.Wrong(
                path,
                $"row group {number + 1} has {group.RowCount} rows",
                $"at most {MostNumbers / columns.RowLength} (pandas: row_group_size=50000)");
        double[] rows = new double[group.RowCount * columns.RowLength];
        for (int i = 0; i < fields.Length; i++)
        {
            if (columns.Targets[i] is var target && target < 0) continue;
            double[] values = ReadColumn(path, group, fields[i], (int)group.RowCount);
            for (int row = 0; row < values.Length; row++) rows[(long)row * columns.RowLength + target] = values[row];
        }
        return rows;
    }

    static double[] ReadColumn(string path, ParquetRowGroupReader group, DataField field, int rows)
    {
        if (field.IsArray || field.MaxRepetitionLevel > 0)
            throw JetColumns.Wrong(path, $"column '{field.Name}' holds lists", "one number a row");
        if (field.ClrType == typeof(float)) return Numbers<float>(v => v);
        if (field.ClrType == typeof(double)) return Numbers<double>(v => v);
        if (field.ClrType == typeof(long)) return Numbers<long>(v => v);
        if (field.ClrType == typeof(int)) return Numbers<int>(v => v);
        if (field.ClrType == typeof(short)) return Numbers<short>(v => v);
        if (field.ClrType == typeof(byte)) return Numbers<byte>(v => v);
        if (field.ClrType == typeof(sbyte)) return Numbers<sbyte>(v => v);
        if (field.ClrType == typeof(bool)) return Numbers<bool>(v => v ? 1 : 0);
        throw JetColumns.Wrong(path, $"column '{field.Name}' is of {field.ClrType.Name}", "numbers");

        double[] Numbers<T>(Func<T, double> toDouble) where T : struct
        {
            if (!field.IsNullable)
            {
                T[] values = new T[rows];
                group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
                return Array.ConvertAll(values, v => toDouble(v));
            }
            T?[] optional = new T?[rows];
            group.ReadAsync<T>(field, optional.AsMemory()).AsTask().GetAwaiter().GetResult();
            // what is not there is no number
            return Array.ConvertAll(optional, v => v is { } value ? toDouble(value) : double.NaN);
        }
    }
}

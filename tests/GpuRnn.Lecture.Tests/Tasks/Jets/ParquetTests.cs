using GpuRnn.Lecture.Tasks.Jets;
using Parquet;
using Parquet.Schema;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>Parquet files with two row groups, right and wrong ones.</summary>
public class ParquetTests : FolderTests
{
    static Jet[] Read(string path) => [.. new JetFile(path).Read()];

    string Line(string path) => LineOf(() => Read(path), path);

    [Test]
    public async Task RowGroups([Values] bool optional, [Values("right", "null", "label")] string what)
    {
        string path = Path.Combine(folder, "a.parquet");
        string[] names = ["is_signal_new", "E_0", "PX_0", "PY_0", "PZ_0", "name"];
        DataField[] fields = [.. names.Select(n => n switch
        {
            "is_signal_new" => new DataField<int>(n),
            "name" => new DataField<int>(n),
            _ => optional ? (DataField)new DataField<float?>(n) : new DataField<double>(n),
        })];
        double[][] rows = [[1, 13, 3, 4, 12, 0], [0, 5, 0, 5, 0, 0], [what == "label" ? 7 : 0, 5, 3, 0, 4, 0]];
        await using (FileStream stream = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream))
        {
            foreach (double[][] group in new[] { rows[..2], rows[2..] })
            {
                using ParquetRowGroupWriter part = writer.CreateRowGroup();
                for (int c = 0; c < fields.Length; c++)
                {
                    double[] column = [.. group.Select(r => r[c])];
                    if (fields[c].ClrType == typeof(int)) await part.WriteAsync<int>(fields[c], column.Select(v => (int)v).ToArray());
                    else if (!optional) await part.WriteAsync<double>(fields[c], column);
                    else
                        await part.WriteAsync<float>(fields[c], column
                            .Select(v => what == "null" && names[c] == "PX_0" && v == 3 && group.Length == 1 ? (float?)null : (float)v)
                            .ToArray());
                }
            }
        }
        if (what == "label") Assert.That(Line(path), Does.Contain("row 3").And.Contain("is 7"));
        else if (what == "null" && optional) Assert.That(Line(path), Does.Contain("row 3").And.Contain("'PX_0'").And.Contain("NaN"));
        else
        {
            Jet[] jets = Read(path);
            Assert.That(jets.Select(j => j.IsTop), Is.EqualTo(new[] { true, false, false }));
            Assert.That(jets.Select(j => j.Constituents.Single()),
                Is.EqualTo(new FourVector[] { new(13, 3, 4, 12), new(5, 0, 5, 0), new(5, 3, 0, 4) }));
        }
    }
}

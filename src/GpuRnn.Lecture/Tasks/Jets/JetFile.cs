using GpuRnn.Interop;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A file of jets, with the columns of <see cref="JetColumns"/>: HDF5 as pandas and PyTables write it, Parquet, or CSV, by its name's
/// ending. It is read in blocks of rows; only they are in memory.
/// </summary>
sealed class JetFile(string path) : IJetSource
{
    public string Name => Path.GetFileName(path);

    /// <summary>The jets in the file's order. That there are none, or of one class only, shows at the end.</summary>
    public IEnumerable<Jet> Read()
    {
        IEnumerable<Jet> jets = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".h5" or ".hdf5" or ".hdf" => Hdf5Jets.Read(path),
            ".parquet" => ParquetJets.Read(path),
            ".csv" => CsvJets.Read(path),
            _ => throw JetColumns.Wrong(path, "its name ends in none of the known ways", ".h5, .hdf5, .hdf, .parquet or .csv"),
        };
        long tops = 0, others = 0;
        foreach (Jet jet in jets)
        {
            if (jet.IsTop) tops++;
            else others++;
            yield return jet;
        }
        if (tops + others == 0) throw JetColumns.Wrong(path, "it has no rows", "one for each jet");
        if (tops == 0 || others == 0)
            throw JetColumns.Wrong(path, $"all {tops + others} rows have {JetColumns.Label} = {(tops > 0 ? 1 : 0)}",
                "jets of both classes");
    }

    /// <summary>Does what may fail in a library: whatever it throws becomes one line that names the file.</summary>
    public static T Guard<T>(string path, string format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not GpuRnnException)
        {
            // libraries tell of broken files in any type of exception, a false length by that of memory; one of ours may be within
            // another one
            Exception cause = e.GetBaseException();
            string told = cause.Message.ReplaceLineEndings("\n").Split('\n')[0];
            throw FileError.Of(path, cause is GpuRnnException ? told : $"it cannot be read as {format} ({told.TrimEnd('.')})", e);
        }
    }
}

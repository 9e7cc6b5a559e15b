namespace GpuRnn.Lecture.Runs;

/// <summary>The files of a run.</summary>
public sealed record RunFolder(string Path)
{
    string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The model, for whoever wants to use it.</summary>
    public string Model => In("model.safetensors");
    /// <summary>The model as it was when validation was best.</summary>
    public string Best => In("best.safetensors");
    /// <summary>All that is needed to go on bit for bit; what else is in the folder follows from it.</summary>
    public string Checkpoint => In("training.safetensors");
    /// <summary>The loss along the run, up to the checkpoint at least.</summary>
    public string Curve => In("curve.json");
    public string Metrics => In("metrics.json");
    public string Report => In("report.html");

    /// <summary>Is there a trained model, or what is needed to go on with one?</summary>
    public bool HoldsRun => File.Exists(Checkpoint) || File.Exists(Model);

    /// <exception cref="GpuRnnException">It cannot be made.</exception>
    public void Make()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"The folder '{Path}' cannot be made: {e.Message}", e);
        }
    }

    /// <summary>For what is no training: it writes where no trained model is.</summary>
    /// <exception cref="GpuRnnException">There is one.</exception>
    public void RefuseRun()
    {
        if (HoldsRun)
            throw new GpuRnnException(
                $"'{Path}' holds a run of 'gpurnn train', whose files would be replaced. Give another folder to --out.");
    }

    /// <summary>Takes away what an earlier run measured: it is not true of another.</summary>
    public void RemoveResults()
    {
        foreach (string file in new[] { Best, Metrics, Report }) File.Delete(file);
    }
}

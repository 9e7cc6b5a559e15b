namespace GpuRnn.Cli.Tasks.Training;

/// <summary>The files of a run.</summary>
sealed record RunFolder(string Path)
{
    string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The model, for whoever wants to use it.</summary>
    public string Model => In("model.safetensors");
    /// <summary>The model as it was when validation was best.</summary>
    public string Best => In("best.safetensors");
    /// <summary>All that is needed to go on bit for bit.</summary>
    public string Checkpoint => In("training.safetensors");
    public string Metrics => In("metrics.json");
    public string Report => In("report.html");

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
}

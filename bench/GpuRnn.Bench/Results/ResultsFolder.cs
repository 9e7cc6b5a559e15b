using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Results;

/// <summary>The results of one machine: a folder of bench/results. Which of the files are there is up to who measured.</summary>
sealed class ResultsFolder
{
    public ResultsFolder(string path)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(path);
        if (!Directory.Exists(path)) throw new GpuRnnException($"There is no folder {path}.");
        if (!Directory.EnumerateFiles(path, "*.json").Any()) throw new GpuRnnException($"{path} holds no results: no *.json.");
        if (Machines().Distinct().Count() > 1)
            throw new GpuRnnException($"The files in {path} are of different machines: {string.Join("; ", Machines().Distinct())}.");
    }

    public string Path { get; }

    /// <summary>The machine's, as bench/results has it.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.GetFullPath(Path));

    public Run<PeerResult> Peers => Read<Run<PeerResult>>("peers.json");
    /// <summary>Another full run, some time later.</summary>
    public Run<PeerResult> SecondPeers => Read<Run<PeerResult>>("peers-second.json");
    public Run<MemoryResult> Memory => Read<Run<MemoryResult>>("memory.json");
    public Run<TextResult> Text => Read<Run<TextResult>>("text.json");
    public Run<PeerResult> ManyToOne => Read<Run<PeerResult>>("many-to-one.json");
    public Run<PeerResult> Weights => Read<Run<PeerResult>>("weights.json");
    public GpuRun Gpu => Read<GpuRun>("gpu.json");
    public List<EngineResult> Engine => Read<List<EngineResult>>("bench.json");

    public bool Has(string file) => File.Exists(System.IO.Path.Combine(Path, file));

    /// <summary>Rows of a suite in peers.json; both passes, or one.</summary>
    public PeerResult[] Suite(string suite, string? pass = null)
    {
        PeerResult[] rows = [.. Peers.Results.Where(r => r.Suite == suite && (pass is null || r.Pass == pass))];
        return rows.Length > 0 ? rows : throw new GpuRnnException($"{Path}/peers.json has no {suite}{(pass is null ? "" : $" {pass}")}.");
    }

    readonly Dictionary<string, object> read = [];

    T Read<T>(string file) where T : class
    {
        if (!Has(file)) throw new GpuRnnException($"{Path} has no {file}.");
        if (!read.TryGetValue(file, out object? result)) read[file] = result = ResultFile.Read<T>(System.IO.Path.Combine(Path, file));
        return (T)result;
    }

    IEnumerable<Machine> Machines()
    {
        if (Has("peers.json")) yield return Peers.Machine;
        if (Has("peers-second.json")) yield return SecondPeers.Machine;
        if (Has("memory.json")) yield return Memory.Machine;
        if (Has("text.json")) yield return Text.Machine;
        if (Has("many-to-one.json")) yield return ManyToOne.Machine;
        if (Has("weights.json")) yield return Weights.Machine;
    }
}

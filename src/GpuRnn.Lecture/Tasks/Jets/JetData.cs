using System.Security.Cryptography;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>Jets in three portions, as many as fit: of a file the first so many, in memory as their constituents.</summary>
sealed class JetData
{
    /// <summary>Simulated jets to train on for each that is watched, and to judge by.</summary>
    const int WatchedShare = 10, JudgedShare = 2;

    JetData(string name, string hash, List<Jet> training, List<Jet> validation, List<Jet> test, bool simulated) =>
        (Name, Hash, Training, Validation, Test, Simulated) = (name, hash, training, validation, test, simulated);

    public string Name { get; }
    public string Hash { get; }
    public List<Jet> Training { get; }
    public List<Jet> Validation { get; }
    public List<Jet> Test { get; }
    /// <summary>Built-in jets, which are not those of the paper.</summary>
    public bool Simulated { get; }

    /// <param name="path">A file, or null for the simulation.</param>
    /// <param name="seed">Of the simulation, or of the split.</param>
    /// <param name="most">Jets to train on (simulated), or to read in all (of a file).</param>
    /// <param name="cancel">Ends it soon.</param>
    public static JetData Load(string? path, int seed, int most, CancellationToken cancel = default)
    {
        if (path is null)
        {
            List<Jet> Draw(int count, long first) =>
                [.. new JetSimulation(new() { Seed = seed }, count, first).Read().WithCancellation(cancel)];
            return new(
                "simulated jets", $"jets-{seed}-{most}",
                Draw(most, 0),
                Draw(most / WatchedShare / 2 * 2, 2_000_000_000),
                Draw(most / JudgedShare / 2 * 2, 4_000_000_000),
                true);
        }
        Split split = new(seed, 0.1, 0.2);
        Dictionary<Portion, List<Jet>> portions = Enum.GetValues<Portion>().ToDictionary(p => p, _ => new List<Jet>());
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int count = 0;
        JetFile file = new(path);
        foreach (Jet jet in file.Read().WithCancellation(cancel))
        {
            portions[split.Of(count++)].Add(jet);
            foreach (FourVector c in jet.Constituents)
                foreach (double number in (double[])[c.E, c.Px, c.Py, c.Pz]) hash.AppendData(BitConverter.GetBytes(number));
            hash.AppendData([jet.IsTop ? (byte)1 : (byte)0]);
            if (count == most) break;
        }
        foreach ((Portion portion, List<Jet> jets) in portions)
            if (jets.Count < 20 || jets.All(j => j.IsTop) || jets.All(j => !j.IsTop))
                throw new GpuRnnException(
                    $"'{path}' has {count} jets (of at most {most} that --jets reads): "
                    + $"too few of both classes for {portion.ToString().ToLowerInvariant()}; "
                    + $"at least about 300 are needed, classes mixed.");
        return new(
            file.Name, Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
            portions[Portion.Training], portions[Portion.Validation], portions[Portion.Test],
            false);
    }
}

using System.Security.Cryptography;
using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Pairs;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>
/// Pictures with captions in three portions. No caption that is judged by was seen in training: scenes are new, not only pictures.
/// </summary>
sealed class CaptionData : PairData
{
    const int MostRest = 1_000, Together = 500, MostWords = 40;

    readonly Func<int, CaptionedPicture> training;
    readonly CaptionFolder? folder;

    CaptionData(
        string name, string hash, int count,
        Func<int, CaptionedPicture> training, IEnumerable<string> captions,
        CaptionedPicture[] validation, CaptionedPicture[] test, int leastCount, CaptionFolder? folder)
    {
        (Name, Hash, Lengths, this.training, TestPictures, this.folder) = (name, hash, new int[count], training, test, folder);
        Target = WordVocabulary.Of(captions.Select(Words), leastCount, 20_000);
        (Validation, Test) = ([.. validation.Select(Of)], [.. test.Select(Of)]);
    }

    public override string Name { get; }
    public override string Hash { get; }
    public override string Summary => $"{Name}: {Lengths.Length:N0} pictures to train on, {Target.Size:N0} words";
    public override string Items => "words";
    public override bool SourceIsIndex => false;
    public override int SourceSize => Patches.Size;
    public override IReadOnlyList<int> SourceLayers => [256, 128];
    public override int MostSource => Patches.Steps;
    public override int MostTarget => MostWords;
    /// <summary>All the same: pictures are of one size, and captions of many lengths in a batch cost little.</summary>
    public override int[] Lengths { get; }
    public override WordVocabulary Target { get; }
    public override IReadOnlyList<Example> Validation { get; }
    public override IReadOnlyList<Example> Test { get; }
    public CaptionedPicture[] TestPictures { get; }

    public override Example Training(int index) => Of(training(index));

    Example Of(CaptionedPicture p) => new(null, Patches.Of(p.Picture), Patches.Steps, Target.Encode(Words(p.Caption).Take(MostWords)));

    public static string[] Words(string caption) => caption.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static CaptionData Load(string? path, int seed, int drawn, CancellationToken cancel = default)
    {
        Split split = new(seed);
        if (path is null)
        {
            int rest = Math.Min(MostRest, drawn);
            CaptionedPicture[] training = Draw(seed, Portion.Training, drawn, split, cancel);
            return new(
                "drawn scenes", $"scenes-{seed}-{drawn}",
                training.Length, i => training[i], training.Select(t => t.Caption),
                Draw(seed, Portion.Validation, rest, split, cancel), Draw(seed, Portion.Test, rest, split, cancel),
                1, null);
        }
        CaptionFolder folder = CaptionFolder.Read(path, cancel);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Dictionary<Portion, List<int>> lines = Enum.GetValues<Portion>().ToDictionary(p => p, _ => new List<int>());
            foreach (int i in Enumerable.Range(0, folder.Count).WithCancellation(cancel))
            {
                lines[split.Of(folder.Caption(i))].Add(i);
                hash.AppendData(folder.Mark(i));
            }
            if (lines.Values.Any(l => l.Count < 5))
                throw new GpuRnnException(
                    $"'{path}' has {folder.Count} pictures: too few to train on, to watch and to judge by. "
                    + $"At least about 100 are needed.");
            List<int> training = lines[Portion.Training];
            CaptionedPicture[] Rest(Portion portion) => [.. lines[portion].Take(MostRest).WithCancellation(cancel).Select(i => folder[i])];
            return new(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
                Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
                training.Count, i => folder[training[i]],
                training.WithCancellation(cancel).Select(i => folder.Caption(i)), Rest(Portion.Validation), Rest(Portion.Test),
                    folder.Count < 2000 ? 1 : 2, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>In parts with seeds of their own, which may be drawn at the same time.</summary>
    static CaptionedPicture[] Draw(int seed, Portion portion, int count, Split split, CancellationToken cancel)
    {
        CaptionedPicture[][] parts = new CaptionedPicture[(count + Together - 1) / Together][];
        Parallel.For(0, parts.Length, new() { CancellationToken = cancel }, part => parts[part] =
        [
            .. SceneGrammar.Generate(
                (seed * 3 + (int)portion) * 1000 + part,
                Math.Min(Together, count - part * Together),
                split, portion).WithCancellation(cancel)
        ]);
        return [.. parts.SelectMany(p => p)];
    }

    public override void Dispose() => folder?.Dispose();
}

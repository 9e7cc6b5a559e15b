using System.Security.Cryptography;
using System.Text;
using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Pairs;

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>Sentence pairs in three portions. No sentence that is judged by was trained on.</summary>
sealed class TranslationData : PairData
{
    const int MostRest = 2_000, MostWords = 60;

    readonly Func<int, SentencePair> training;
    readonly SentencePairs? file;

    TranslationData(
        string name, string hash, int[] lengths,
        Func<int, SentencePair> training,
        SentencePair[] validation, SentencePair[] test, int leastCount, SentencePairs? file, CancellationToken cancel)
    {
        (Name, Hash, Lengths, this.training, TestPairs, this.file) = (name, hash, lengths, training, test, file);
        IEnumerable<SentencePair> all = Enumerable.Range(0, lengths.Length).WithCancellation(cancel).Select(training);
        Source = WordVocabulary.Of(all.Select(p => p.SourceWords), leastCount, 20_000);
        Target = WordVocabulary.Of(all.Select(p => p.TargetWords), leastCount, 20_000);
        (Validation, Test) = ([.. validation.Select(Of)], [.. test.Select(Of)]);
    }

    public override string Name { get; }
    public override string Hash { get; }
    public override string Summary => $"{Name}: {Lengths.Length:N0} pairs to train on, {Source.Size:N0} and {Target.Size:N0} words";
    public override string Items => "words";
    public override bool SourceIsIndex => true;
    public override int SourceSize => Source.Size;
    public override int MostSource => MostWords;
    public override int MostTarget => MostWords;
    public override int[] Lengths { get; }
    public WordVocabulary Source { get; }
    public override WordVocabulary Target { get; }
    public override IReadOnlyList<Example> Validation { get; }
    public override IReadOnlyList<Example> Test { get; }
    public SentencePair[] TestPairs { get; }

    public override Example Training(int index) => Of(training(index));

    public Example Of(SentencePair pair)
    {
        int[] source = Source.Encode(pair.SourceWords.Take(MostWords));
        return new(source, null, source.Length, Target.Encode(pair.TargetWords.Take(MostWords)));
    }

    public static TranslationData Load(string? path, int seed, int drawn, CancellationToken cancel = default)
    {
        Split split = new(seed);
        if (path is null)
        {
            SentencePair[] Draw(Portion portion, int count) =>
                [.. TranslationGrammar.Generate(3 * seed + (int)portion, count, split, portion).WithCancellation(cancel)];
            int rest = Math.Min(MostRest, drawn);
            SentencePair[] training = Draw(Portion.Training, drawn);
            return new(
                "the English-French grammar", $"pairs-{seed}-{drawn}",
                [.. training.Select(LengthOf)],
                i => training[i],
                Draw(Portion.Validation, rest), Draw(Portion.Test, rest),
                1, null, cancel);
        }
        SentencePairs file = SentencePairs.Read(path, cancel);
        try
        {
            Dictionary<Portion, List<int>> lines = Enum.GetValues<Portion>().ToDictionary(p => p, _ => new List<int>());
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (int i in Enumerable.Range(0, file.Count).WithCancellation(cancel))
            {
                lines[split.Of(file[i].Source)].Add(i); // by the sentence: one that comes twice is all on one side
                hash.AppendData(Encoding.UTF8.GetBytes($"{file[i].Source}\t{file[i].Target}\n"));
            }
            if (lines.Values.Any(l => l.Count < 5))
                throw new GpuRnnException(
                    $"'{path}' has {file.Count} pairs: too few to train on, to watch and to judge by. "
                    + $"At least about 100 are needed.");
            List<int> training = lines[Portion.Training];
            SentencePair[] Rest(Portion portion) => [.. lines[portion].Take(MostRest).Select(i => file[i])];
            return new(
                Path.GetFileName(path),
                Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
                [.. training.WithCancellation(cancel).Select(i => LengthOf(file[i]))],
                i => file[training[i]],
                Rest(Portion.Validation), Rest(Portion.Test), file.Count < 2000 ? 1 : 2, file, cancel);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static int LengthOf(SentencePair pair) => pair.SourceWords.Length + pair.TargetWords.Length;

    public override void Save(string folder)
    {
        base.Save(folder);
        Source.Save(Path.Combine(folder, "source-vocabulary.json"));
    }

    public override void Dispose() => file?.Dispose();
}

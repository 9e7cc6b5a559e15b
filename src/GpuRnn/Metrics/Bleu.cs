namespace GpuRnn.Metrics;

/// <summary>
/// How much of a translation's runs of 1 to 4 tokens its references have too: BLEU of a whole corpus, from 0 to 1, without smoothing.
/// </summary>
/// <remarks>
/// K. Papineni, S. Roukos, T. Ward and W.-J. Zhu, "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL 2002, section 2.
/// </remarks>
/// <param name="Score">Brevity penalty times the geometric mean of the precisions; 0 if any of them is.</param>
/// <param name="Precisions">
/// For runs of 1, 2, 3 and 4 tokens: how many of the candidates' runs are in a reference, each counted at most as often as the reference
/// with the most of it has it, over how many there are; 0 where there are none.
/// </param>
/// <param name="BrevityPenalty">1 if the candidates are longer than the references; else exp(1 - references / candidates); 0 without a
/// token.</param>
/// <param name="CandidateLength">Tokens of all candidates.</param>
/// <param name="ReferenceLength">Tokens of the references nearest in length, one for each candidate; of two as near, the shorter
/// one.</param>
public sealed record Bleu(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, long CandidateLength, long ReferenceLength)
{
    const int Longest = 4;

    /// <summary>Of candidates with one reference each.</summary>
    /// <exception cref="BadArgumentException">There is no candidate, or there are more or fewer references.</exception>
    public static Bleu Of<T>(IReadOnlyList<IReadOnlyList<T>> candidates, IReadOnlyList<IReadOnlyList<T>> references) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(references);
        return Of(candidates, [.. references.Select(r => (IReadOnlyList<IReadOnlyList<T>>)[r])]);
    }

    /// <summary>Of candidates with any number of references, but one at least.</summary>
    /// <exception cref="BadArgumentException">There is no candidate, or one without references.</exception>
    public static Bleu Of<T>(IReadOnlyList<IReadOnlyList<T>> candidates, IReadOnlyList<IReadOnlyList<IReadOnlyList<T>>> references)
        where T : notnull
    {
        Limits.AllGiven(candidates, nameof(candidates));
        foreach (IReadOnlyList<IReadOnlyList<T>> each in Limits.AllGiven(references, nameof(references)))
            Limits.AllGiven(each, nameof(references));
        if (candidates.Count == 0 || candidates.Count != references.Count || references.Any(r => r.Count == 0))
            throw new BadArgumentException(
                $"BLEU got {candidates.Count} candidates and {references.Count} sets of references; "
                + $"expected some, one set for each, and none empty.");
        long[] matches = new long[Longest], totals = new long[Longest];
        long candidateLength = 0, referenceLength = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            int length = candidates[i].Count;
            candidateLength += length;
            referenceLength += references[i].Select(r => r.Count).MinBy(count => (Math.Abs(count - length), count));
            for (int n = 1; n <= Longest; n++)
            {
                totals[n - 1] += Math.Max(0, length - n + 1);
                matches[n - 1] += Matches(candidates[i], references[i], n);
            }
        }
        double[] precisions = [.. matches.Zip(totals, (matched, total) => total == 0 ? 0.0 : (double)matched / total)];
        double penalty = candidateLength == 0 ? 0 : candidateLength > referenceLength ? 1
            : Math.Exp(1 - (double)referenceLength / candidateLength);
        double score = precisions.Contains(0) ? 0 : penalty * Math.Exp(precisions.Average(Math.Log));
        return new(score, precisions, penalty, candidateLength, referenceLength);
    }

    static long Matches<T>(IReadOnlyList<T> candidate, IReadOnlyList<IReadOnlyList<T>> references, int n) where T : notnull
    {
        Dictionary<Run<T>, int>[] allowed = [.. references.Select(r => Count(r, n))];
        return Count(candidate, n).Sum(run => Math.Min(run.Value, allowed.Max(a => a.GetValueOrDefault(run.Key))));
    }

    static Dictionary<Run<T>, int> Count<T>(IReadOnlyList<T> tokens, int n) where T : notnull =>
        Enumerable.Range(0, Math.Max(0, tokens.Count - n + 1)).CountBy(start => new Run<T>(tokens, start, n)).ToDictionary();

    /// <summary>Some tokens in a row; equal to others if each token is.</summary>
    readonly struct Run<T>(IReadOnlyList<T> tokens, int start, int length) : IEquatable<Run<T>> where T : notnull
    {
        readonly IReadOnlyList<T> tokens = tokens;
        readonly int start = start, length = length;

        public bool Equals(Run<T> other)
        {
            for (int i = 0; i < length; i++)
                if (!EqualityComparer<T>.Default.Equals(tokens[start + i], other.tokens[other.start + i])) return false;
            return length == other.length;
        }

        public override bool Equals(object? other) => other is Run<T> run && Equals(run);

        public override int GetHashCode()
        {
            HashCode hash = new();
            for (int i = 0; i < length; i++) hash.Add(tokens[start + i]);
            return hash.ToHashCode();
        }
    }
}

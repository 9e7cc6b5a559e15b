using GpuRnn.Data;

namespace GpuRnn.Metrics;

/// <summary>A statistic of scores and the classes of their samples, such as an area under a curve.</summary>
/// <param name="scores">One for each sample.</param>
/// <param name="isSignal">The classes, in the same order.</param>
public delegate double ScoreStatistic(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isSignal);

/// <summary>
/// The uncertainty of a statistic that comes from having so many samples and no more: its spread over sets of as many samples, drawn from
/// those at hand with replacement (Efron 1979, "Bootstrap Methods: Another Look at the Jackknife").
/// </summary>
public static class Bootstrap
{
    /// <summary>
    /// The standard error: the standard deviation of the statistic over resampled sets. Each class is resampled on its own, so that their
    /// numbers stay as they are.
    /// </summary>
    /// <param name="scores">One for each sample.</param>
    /// <param name="isSignal">The classes, in the same order.</param>
    /// <param name="statistic">What is computed; of each set it has to be a finite number.</param>
    /// <param name="seed">Which sets are drawn.</param>
    /// <param name="rounds">How many; at least 2. With 100 the error itself is known to about 7%.</param>
    /// <param name="progress">Told which share of the rounds is done.</param>
    /// <param name="cancel">Ends it between two rounds.</param>
    /// <exception cref="BadArgumentException">The lengths differ, there are no samples or too few rounds, or the statistic of a set is
    /// infinite or not a number.</exception>
    public static double StandardError(
        ReadOnlySpan<double> scores, ReadOnlySpan<bool> isSignal, ScoreStatistic statistic, int seed, int rounds = 100,
        IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        Limits.AtLeast(rounds, 2, "The number of rounds");
        if (scores.Length != isSignal.Length || scores.IsEmpty)
            throw new BadArgumentException(
                $"A bootstrap got {scores.Length} scores and {isSignal.Length} labels; expected as many, and some.");
        bool[] labels = isSignal.ToArray();
        int[] signal = PositionsOf(labels, true), background = PositionsOf(labels, false);
        SplitMix random = new(unchecked((ulong)seed));
        double[] drawn = new double[scores.Length], values = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report((double)round / rounds);
            for (int i = 0; i < drawn.Length; i++)
            {
                int[] own = labels[i] ? signal : background;
                drawn[i] = scores[own[random.Below(own.Length)]];
            }
            values[round] = statistic(drawn, labels);
            if (!double.IsFinite(values[round]))
                throw new BadArgumentException(
                    $"Round {round} of a bootstrap gave {values[round]}; expected a statistic that is finite for every set of samples.");
        }
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (rounds - 1));
    }

    static int[] PositionsOf(bool[] labels, bool wanted) => [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == wanted)];
}

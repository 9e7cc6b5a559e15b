namespace GpuRnn.Metrics;

/// <summary>Predictions of about the same size, and what came of them.</summary>
/// <param name="MeanPrediction">Their mean; NaN if there is none.</param>
/// <param name="ObservedFrequency">The share of them that came true; NaN if there is none.</param>
/// <param name="Count">How many there are.</param>
public sealed record CalibrationBin(double MeanPrediction, double ObservedFrequency, long Count);

/// <summary>
/// Do things that are predicted with probability p come true in a share p of cases? Predictions are put into bins of equal width.
/// </summary>
public sealed class Calibration
{
    readonly double[] sums;
    readonly long[] counts, trues;

    /// <summary>Empty bins, equally wide, over [0, 1].</summary>
    /// <param name="bins">How many; at least 1.</param>
    /// <exception cref="BadArgumentException">There are fewer.</exception>
    public Calibration(int bins = 10)
    {
        Limits.AtLeast(bins, 1, "The number of bins");
        (sums, counts, trues) = (new double[bins], new long[bins], new long[bins]);
    }

    /// <summary>
    /// The bins, from the lowest predictions to the highest. Bin i of n has those from i / n up to, not including, (i + 1) / n; the last
    /// has 1 too.
    /// </summary>
    public IReadOnlyList<CalibrationBin> Bins =>
        [.. counts.Select((count, i) => new CalibrationBin(sums[i] / count, (double)trues[i] / count, count))];

    /// <summary>
    /// The expected calibration error: the mean of |mean prediction - observed frequency| over bins, weighted with their counts (M. P.
    /// Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015). NaN before the first prediction.
    /// </summary>
    public double ExpectedError =>
        Bins.Where(b => b.Count > 0).Sum(b => b.Count * Math.Abs(b.MeanPrediction - b.ObservedFrequency)) / counts.Sum();

    /// <summary>Counts a prediction.</summary>
    /// <param name="prediction">The probability that was predicted.</param>
    /// <param name="cameTrue">Did it?</param>
    /// <exception cref="BadArgumentException">The prediction is not from [0, 1].</exception>
    public void Add(double prediction, bool cameTrue)
    {
        Limits.Probability(prediction, "A prediction");
        int bin = Math.Min((int)(prediction * counts.Length), counts.Length - 1);
        sums[bin] += prediction;
        counts[bin]++;
        if (cameTrue) trues[bin]++;
    }
}

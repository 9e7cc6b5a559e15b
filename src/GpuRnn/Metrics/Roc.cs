namespace GpuRnn.Metrics;

/// <summary>
/// How well a score tells two classes apart, at every threshold: the receiver operating characteristic. Equal scores are one step of the
/// curve, so that nothing depends on the order of the samples.
/// </summary>
public sealed class Roc
{
    readonly RocPoint[] points;

    /// <summary>Sorts scores into a curve.</summary>
    /// <param name="scores">One for each sample; larger for samples more like signal. Infinite ones are allowed.</param>
    /// <param name="isSignal">The classes, in the same order; both have to occur.</param>
    /// <exception cref="BadArgumentException">The lengths differ, a score is not a number, or a class is missing.</exception>
    public Roc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isSignal)
    {
        if (scores.Length != isSignal.Length)
            throw new BadArgumentException($"A ROC curve got {scores.Length} scores and {isSignal.Length} labels; expected as many.");
        double[] keys = new double[scores.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                throw new BadArgumentException($"Score {i} of a ROC curve is not a number; expected numbers only.");
            keys[i] = -scores[i];
            if (isSignal[i]) Signal++;
        }
        Background = scores.Length - Signal;
        if (Signal == 0 || Background == 0)
            throw new BadArgumentException(
                $"A ROC curve got {Signal} samples of signal and {Background} of background; expected some of each.");
        bool[] labels = isSignal.ToArray();
        Array.Sort(keys, labels);
        points = [.. Walk(keys, labels)];
        Auc = Area();
    }

    /// <summary>Number of samples that are signal.</summary>
    public int Signal { get; }

    /// <summary>Number of samples that are not.</summary>
    public int Background { get; }

    /// <summary>
    /// The area under the curve: how likely a sample of signal scores above one of background, where equal scores count half. It is the
    /// statistic of Mann and Whitney (1947) over the number of pairs; 0.5 for a score that knows nothing, 1 for one without errors.
    /// </summary>
    public double Auc { get; }

    /// <summary>
    /// The curve from (0, 0) to (1, 1), thresholds falling: one point for each score that occurs, and the first, which takes no sample.
    /// </summary>
    public IReadOnlyList<RocPoint> Points => points;

    /// <summary>
    /// The rejection of background, 1 over the share of it that is taken, at the threshold that takes a share of signal. Between two
    /// points of the curve it is the straight line between them, as of a threshold that takes some of the samples that score equal.
    /// </summary>
    /// <param name="signalEfficiency">The share of signal that is taken, above 0 and up to 1.</param>
    /// <returns>
    /// At least 1; positive infinity where no background is taken: then all that these samples say is that it is
    /// above about <see cref="Background"/>.
    /// </returns>
    /// <exception cref="BadArgumentException">The share is not above 0 and up to 1.</exception>
    public double RejectionAt(double signalEfficiency)
    {
        if (!(signalEfficiency > 0 && signalEfficiency <= 1))
            throw new BadArgumentException($"A signal efficiency is {signalEfficiency}; expected one above 0 and up to 1.");
        int next = 1;
        while (points[next].SignalEfficiency < signalEfficiency) next++;
        (RocPoint a, RocPoint b) = (points[next - 1], points[next]);
        double share = (signalEfficiency - a.SignalEfficiency) / (b.SignalEfficiency - a.SignalEfficiency);
        return 1 / (a.BackgroundEfficiency + share * (b.BackgroundEfficiency - a.BackgroundEfficiency));
    }

    IEnumerable<RocPoint> Walk(double[] keys, bool[] labels)
    {
        yield return new(double.PositiveInfinity, 0, 0);
        int signal = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (labels[i]) signal++;
            if (i + 1 < keys.Length && keys[i + 1] == keys[i]) continue;
            yield return new(-keys[i], (double)signal / Signal, (double)(i + 1 - signal) / Background);
        }
    }

    /// <summary>Trapezoids: a straight line over equal scores counts half of their pairs.</summary>
    double Area()
    {
        double area = 0;
        for (int i = 1; i < points.Length; i++)
        {
            (RocPoint a, RocPoint b) = (points[i - 1], points[i]);
            area += (b.BackgroundEfficiency - a.BackgroundEfficiency) * (a.SignalEfficiency + b.SignalEfficiency) / 2;
        }
        return area;
    }
}

/// <summary>A point of a <see cref="Roc"/> curve.</summary>
/// <param name="Threshold">Samples that score this or more are taken as signal.</param>
/// <param name="SignalEfficiency">The share of signal that is taken (true positive rate).</param>
/// <param name="BackgroundEfficiency">The share of background that is taken (false positive rate).</param>
public readonly record struct RocPoint(double Threshold, double SignalEfficiency, double BackgroundEfficiency);

namespace GpuRnn.Metrics;

/// <summary>How often each class was taken for each.</summary>
public sealed class ConfusionMatrix
{
    readonly long[,] counts;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classes">How many classes there are, numbered from 0; at least 1.</param>
    /// <exception cref="BadArgumentException">There are fewer.</exception>
    public ConfusionMatrix(int classes)
    {
        Limits.AtLeast(classes, 1, "The number of classes");
        counts = new long[classes, classes];
    }

    /// <summary>How many classes there are.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>How many items were counted.</summary>
    public long Total { get; private set; }

    /// <summary>How many items of a class were taken for another, or for itself.</summary>
    /// <exception cref="BadArgumentException">There is no such class.</exception>
    public long this[int actual, int predicted] => counts[Checked(actual), Checked(predicted)];

    /// <summary>The share of items that were taken for what they are; NaN before the first.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Classes).Sum(c => counts[c, c]) / Total;

    /// <summary>Counts an item.</summary>
    /// <exception cref="BadArgumentException">There is no such class.</exception>
    public void Add(int actual, int predicted)
    {
        counts[Checked(actual), Checked(predicted)]++;
        Total++;
    }

    /// <summary>The share of the items taken for a class that are of it; NaN if none was.</summary>
    /// <exception cref="BadArgumentException">There is no such class.</exception>
    public double Precision(int ofClass) =>
        (double)this[ofClass, ofClass] / Enumerable.Range(0, Classes).Sum(actual => counts[actual, ofClass]);

    /// <summary>The share of the items of a class that were taken for it; NaN if there is none.</summary>
    /// <exception cref="BadArgumentException">There is no such class.</exception>
    public double Recall(int ofClass) =>
        (double)this[ofClass, ofClass] / Enumerable.Range(0, Classes).Sum(predicted => counts[ofClass, predicted]);

    int Checked(int ofClass) => Limits.Index(ofClass, Classes, "A class");
}

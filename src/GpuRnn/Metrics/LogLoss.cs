namespace GpuRnn.Metrics;

/// <summary>The mean of -ln of the probability that was predicted for what came true, in nats.</summary>
public sealed class LogLoss
{
    readonly double least;
    double sum;

    /// <summary>Nothing counted yet.</summary>
    /// <param name="least">Probabilities below this count as this, so that one certain error does not cost infinitely much; 0 lets
    /// it.</param>
    public LogLoss(double least = 1e-15)
    {
        if (!(least >= 0 && least < 1)) throw new ArgumentOutOfRangeException(
            nameof(least), least, "The least probability is from 0 to below 1.");
        this.least = least;
    }

    /// <summary>How many predictions were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The mean, in nats; NaN before the first prediction.</summary>
    public double Mean => sum / Count;

    /// <summary>Counts the prediction of something that came true or did not.</summary>
    /// <param name="prediction">The probability that it does.</param>
    /// <param name="cameTrue">Did it?</param>
    public void Add(double prediction, bool cameTrue)
    {
        Check(prediction);
        AddTruth(cameTrue ? prediction : 1 - prediction);
    }

    /// <summary>Counts the prediction of one class out of several.</summary>
    /// <param name="predictions">The probability of each class.</param>
    /// <param name="actual">Which came true, from 0.</param>
    public void Add(ReadOnlySpan<float> predictions, int actual)
    {
        Check(predictions[actual]);
        AddTruth(predictions[actual]);
    }

    void AddTruth(double probability)
    {
        sum -= Math.Log(Math.Max(probability, least));
        Count++;
    }

    static void Check(double probability)
    {
        if (!(probability >= 0 && probability <= 1)) throw new ArgumentOutOfRangeException(
            nameof(probability), probability, "A probability is from 0 to 1.");
    }
}

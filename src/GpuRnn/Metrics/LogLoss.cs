namespace GpuRnn.Metrics;

/// <summary>The mean of -ln of the probability that was predicted for what came true, in nats.</summary>
public sealed class LogLoss
{
    const string Prediction = "A prediction";

    readonly double least;
    double sum;

    /// <summary>Nothing counted yet.</summary>
    /// <param name="least">Probabilities below this count as this, so that one certain error does not cost infinitely much; 0 lets
    /// it.</param>
    /// <exception cref="BadArgumentException">It is not from 0 to below 1.</exception>
    public LogLoss(double least = 1e-15) => this.least = Limits.Share(least, "The least probability");

    /// <summary>How many predictions were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The mean, in nats; NaN before the first prediction.</summary>
    public double Mean => sum / Count;

    /// <summary>Counts the prediction of something that came true or did not.</summary>
    /// <param name="prediction">The probability that it does.</param>
    /// <param name="cameTrue">Did it?</param>
    /// <exception cref="BadArgumentException">The prediction is not from 0 to 1.</exception>
    public void Add(double prediction, bool cameTrue)
    {
        Limits.Probability(prediction, Prediction);
        AddTruth(cameTrue ? prediction : 1 - prediction);
    }

    /// <summary>Counts the prediction of one class out of several.</summary>
    /// <param name="predictions">The probability of each class.</param>
    /// <param name="actual">Which came true, from 0.</param>
    /// <exception cref="BadArgumentException">There is no such class, or its prediction is not from 0 to 1.</exception>
    public void Add(ReadOnlySpan<float> predictions, int actual) =>
        AddTruth(Limits.Probability(predictions[Limits.Index(actual, predictions.Length, "The class that came true")], Prediction));

    void AddTruth(double probability)
    {
        sum -= Math.Log(Math.Max(probability, least));
        Count++;
    }
}

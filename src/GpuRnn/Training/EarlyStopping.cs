namespace GpuRnn.Training;

/// <summary>Watches a measure of which less is better, and says when it has not improved for too long.</summary>
/// <param name="patience">Measurements without an improvement until it is enough; 0 for never.</param>
public sealed class EarlyStopping(int patience)
{
    /// <summary>The best until now; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>Measurements since.</summary>
    public int Since { get; private set; }

    /// <summary>Is it enough?</summary>
    public bool Enough => patience > 0 && Since >= patience;

    /// <summary>Takes a measurement. Is it the best? What is not a number is not.</summary>
    public bool Better(double value)
    {
        bool better = value < Best;
        (Best, Since) = better ? (value, 0) : (Best, Since + 1);
        return better;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    public void Restore(double best, int since) => (Best, Since) = (best, since);
}

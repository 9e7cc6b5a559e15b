namespace GpuRnn.Training;

/// <summary>
/// Lowers the learning rate when a measure of which less is better has not improved for too long, as torch.optim.lr_scheduler's
/// ReduceLROnPlateau does with its defaults: an improvement is one by more than a ten-thousandth.
/// </summary>
/// <remarks>Unlike a <see cref="Schedule"/> it depends on what was measured: a run that goes on restores it.</remarks>
public sealed class ReduceOnPlateau
{
    const double Threshold = 1e-4;

    readonly double factor, least;
    readonly int patience;

    /// <summary>Watches from the first measurement on.</summary>
    /// <param name="factor">What the rate is multiplied by, from 0 to below 1.</param>
    /// <param name="patience">Measurements without an improvement that are let pass; the next one lowers the rate.</param>
    /// <param name="least">The factor never falls below this.</param>
    /// <exception cref="BadArgumentException">A number is out of its range.</exception>
    public ReduceOnPlateau(double factor = 0.1, int patience = 10, double least = 0)
    {
        (this.factor, this.least) = (Limits.Share(factor, "The factor of a plateau"), Limits.NotNegative(least, "The least factor"));
        this.patience = Limits.AtLeast(patience, 0, "A patience");
    }

    /// <summary>What the base rate is multiplied by now: 1 at first.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>The best until now; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>Measurements since the best, or since the rate was lowered.</summary>
    public int Since { get; private set; }

    /// <summary>Takes a measurement; what is not a number is no improvement.</summary>
    /// <returns>What the base rate is multiplied by now.</returns>
    public double Measure(double value)
    {
        // where the best is infinite any number is better
        bool better = double.IsPositiveInfinity(Best) ? value < Best : value < Best - Threshold * Math.Abs(Best);
        (Best, Since) = better ? (value, 0) : (Best, Since + 1);
        if (Since > patience) (Factor, Since) = (Math.Max(least, Factor * factor), 0);
        return Factor;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="factor">What <see cref="Factor"/> was.</param>
    /// <param name="best">What <see cref="Best"/> was.</param>
    /// <param name="since">What <see cref="Since"/> was.</param>
    /// <exception cref="BadArgumentException">The factor or the measurements since cannot be.</exception>
    public void Restore(double factor, double best, int since) => (Factor, Best, Since) =
        (Limits.NotNegative(factor, "The factor of a plateau"), best, Limits.AtLeast(since, 0, "Measurements since the best"));
}

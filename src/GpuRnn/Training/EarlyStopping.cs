using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>Watches a measure of which less is better, and says when it has not improved for too long.</summary>
/// <param name="patience">Measurements without an improvement until it is enough; 0 for never.</param>
/// <exception cref="BadArgumentException">The patience is negative.</exception>
public class EarlyStopping(int patience)
{
    readonly int patience = Limits.AtLeast(patience, 0, "A patience");

    /// <summary>The best until now; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>Measurements since.</summary>
    public int Since { get; private set; }

    /// <summary>Is it enough?</summary>
    public bool Enough => patience > 0 && Since >= patience;

    /// <summary>Takes a measurement. Is it the best? What is not a number is not.</summary>
    public virtual bool Improved(double value)
    {
        bool better = value < Best;
        (Best, Since) = better ? (value, 0) : (Best, Since + 1);
        return better;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="BadArgumentException">The measurements since are negative.</exception>
    public void Restore(double best, int since) => (Best, Since) = (best, Limits.AtLeast(since, 0, "Measurements since the best"));
}

/// <summary>The same, and keeps the weights of the best measurement in the program's memory.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <param name="parameters">The model's parameters.</param>
/// <param name="patience">Measurements without an improvement until it is enough; 0 for never.</param>
public sealed class EarlyStopping<E>(Parameters<E> parameters, int patience) : EarlyStopping(patience)
    where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Parameters<E> parameters = Limits.Given(parameters, nameof(parameters));

    /// <summary>The weights of the best measurement, in the order of the parameters; empty before the first. A run that goes on sets
    /// them.</summary>
    public E[] BestWeights { get; set => field = Limits.Given(value, nameof(BestWeights)); } = [];

    /// <inheritdoc/>
    public override bool Improved(double value)
    {
        bool better = base.Improved(value);
        if (better) BestWeights = parameters.GetAll();
        return better;
    }

    /// <summary>The model gets the weights of the best measurement back.</summary>
    /// <exception cref="InvalidOperationException">No measurement was the best of any.</exception>
    public void PutBack()
    {
        if (BestWeights.Length == 0) throw new InvalidOperationException("There are no best weights: no measurement was a number.");
        parameters.SetAll(BestWeights);
    }
}

namespace GpuRnn.Layers;

/// <summary>Dropout on rows, as a layer: it has no parameters, and masks of its own wherever it is planned.</summary>
/// <param name="options">How many numbers are left out.</param>
public sealed class Dropout(DropoutOptions options)
{
    /// <summary>How many numbers are left out.</summary>
    public DropoutOptions Options { get; } = Checked(options);

    static DropoutOptions Checked(DropoutOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return options;
    }

    /// <summary>Plans it behind a source of rows.</summary>
    /// <typeparam name="E">float or double.</typeparam>
    /// <param name="source">Whose rows.</param>
    /// <param name="place">A number of its own for every dropout of a model, for the same place has the same masks; null for one that the
    /// model hands out: 100 and what follows for dropouts over the first network that was declared, 200 over the second, in the order in
    /// which they are planned. The layers of recurrent networks have those from 0 on.</param>
    public DropoutPass<E> Plan<E>(Source<E> source, int? place = null) where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(source, Options, place);
    }
}

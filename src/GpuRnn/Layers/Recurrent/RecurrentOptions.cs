using GpuRnn.Backends;

namespace GpuRnn.Layers;

/// <summary>In which directions a network reads a sequence, and what becomes of two.</summary>
public enum Directions
{
    /// <summary>From the first element to the last.</summary>
    Forward,
    /// <summary>From the last element to the first.</summary>
    Reverse,
    /// <summary>Both; outputs side by side, forward first.</summary>
    Concatenated,
    /// <summary>Both; outputs added.</summary>
    Summed,
}

/// <summary>Shape of a recurrent network beyond its sizes.</summary>
public sealed record RecurrentOptions
{
    /// <summary>Layers, each reading the output of the one below.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>In which directions it reads.</summary>
    public Directions Directions { get; init; } = Directions.Forward;

    /// <summary>Are there biases?</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Is the input given as indices below the input size (one-hot vectors that are never made)?</summary>
    public bool IndexInput { get; init; }

    /// <summary>
    /// R: elements of h, for cells whose h is a projection of their hidden units (<see cref="Kernels.Cells.IProjectedCell{L, TCell}"/>); 0
    /// for all others.
    /// </summary>
    public int ProjectionSize { get; init; }

    /// <summary>How weights and gates are stored; null for what is computed with.</summary>
    internal Storage? Storage { get; init; }

    /// <summary>What stands before the names of parameters, such as "encoder.".</summary>
    public string Prefix { get; init; } = "";
}

using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;

namespace GpuRnn.Peers.Cases;

/// <summary>One row of the comparison: a network and what runs through it.</summary>
/// <param name="Suite">The suite that it belongs to.</param>
/// <param name="Cell">lstm, gru or rnn.</param>
/// <param name="Training">Forward and backward with all gradients, that of the input too; or forward alone?</param>
/// <param name="Shape">T, B, I, H.</param>
sealed record Case(string Suite, string Cell, bool Training, BenchShape Shape)
{
    public int Layers { get; init; } = 1;
    public int Directions { get; init; } = 1;

    /// <summary>[B] Steps of each sequence; empty where all have T.</summary>
    public int[] Lengths { get; init; } = [];

    /// <summary>Many-to-one: is the loss of the last step alone, so that the gradient vanishes on its way to the first?</summary>
    public bool LastOnly { get; init; }

    /// <summary>
    /// Sequences whose states are kept between calls, of which B are ready for a step; 0 for batches that start from zero states.
    /// </summary>
    public int Live { get; init; }

    /// <summary>Do the libraries take part that store weights in fewer bits?</summary>
    public bool ShortWeights { get; init; }

    public string Pass => !Training ? "forward" : LastOnly ? "training_last_step" : "training";
    public int Gates => GpuRnn.Layers.Cell.Named(Cell).Gates;
    public int OutputSize => Directions * Shape.H;
    public int InputSize(int layer) => layer == 0 ? Shape.I : OutputSize;

    /// <summary>Operations of the gate products on real steps: a multiply and an add each; backward twice as many again.</summary>
    public double Flop
    {
        get
        {
            double rows = Lengths.Length > 0 ? Lengths.Sum(length => (double)length) : (double)Shape.T * Shape.B;
            double each = Enumerable.Range(0, Layers).Sum(l => 2.0 * Gates * Shape.H * (InputSize(l) + Shape.H) * Directions);
            return rows * each * (Training ? 3 : 1);
        }
    }

    /// <summary>The tails of PyTorch's parameter names, layer by layer, forward direction first.</summary>
    public IEnumerable<string> Suffixes =>
        from l in Enumerable.Range(0, Layers) from d in Enumerable.Range(0, Directions) select $"l{l}{(d == 1 ? "_reverse" : "")}";

    /// <summary>Zeroes what stands behind the sequences' ends in an array [T, B, size].</summary>
    public void ClearPadding(float[] array, int size)
    {
        for (int b = 0; b < Lengths.Length; b++)
            for (int t = Lengths[b]; t < Shape.T; t++) array.AsSpan((t * Shape.B + b) * size, size).Clear();
    }

    /// <summary>This row with what came out.</summary>
    public PeerResult With(IReadOnlyList<LibraryResult> libraries) =>
        new(Suite, Cell, Pass, Shape.T, Shape.B, Shape.I, Shape.H, Layers, Directions, Flop, libraries);

    public override string ToString() => $"{Suite}: {Cell} {Pass} {Shape}";
}

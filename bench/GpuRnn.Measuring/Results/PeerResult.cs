namespace GpuRnn.Measuring.Results;

/// <summary>A row of peers.json: a network, what runs through it, and what each library made of it.</summary>
public sealed record PeerResult(string Suite, string Cell, string Pass, int T, int B, int I, int H, int Layers, int Directions, double Flop,
    IReadOnlyList<LibraryResult> Libraries)
{
    public bool Training => Pass != "forward";
    public string Shape => $"{T}, {B}, {I}, {H}";
    public int Gates => GpuRnn.Layers.Cell.Named(Cell).Gates;

    /// <summary>Input sizes of the layers.</summary>
    public IEnumerable<int> InputSizes => Enumerable.Range(0, Layers).Select(layer => layer == 0 ? I : Directions * H);

    /// <summary>Steps of all sequences together, padding left out: the operations tell.</summary>
    public double Rows => Flop / (2.0 * Gates * H * InputSizes.Sum(size => size + H) * Directions * (Training ? 3 : 1));

    public LibraryResult? Of(Library library) => Libraries.FirstOrDefault(l => l.Library == library.Id);

    /// <summary>
    /// gpurnn's share of the peak over that of its best peer: a ratio of speeds, each at what the machine gave at that moment.
    /// </summary>
    public double Ratio => Share(Library.Gpurnn) /
        Library.All.Where(l => l.IsPeer && Of(l) is not null).Select(Share).DefaultIfEmpty(double.NaN).Max();

    public double Share(Library library) => Of(library)?.Share ?? double.NaN;
}

/// <summary>A library on a row: the round whose share of the peak is the median, and the range over all rounds.</summary>
public sealed record LibraryResult(string Library, double Seconds, double SecondsMin, double SecondsMax, double Gflops, double PeakGflops,
    double Share, double ShareMin, double ShareMax, int Rounds);

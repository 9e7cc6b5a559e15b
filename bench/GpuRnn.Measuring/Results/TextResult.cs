namespace GpuRnn.Measuring.Results;

/// <summary>The row of text.json.</summary>
public sealed record TextResult(string Suite, string Data, int Characters, int Vocabulary, string Cell, int Hidden, int Layers, int Batch,
    int Unroll, int Steps,
    IReadOnlyList<LibraryText> Libraries, IReadOnlyList<Losses> Curve);

/// <summary>How fast a library trains on text.</summary>
public sealed record LibraryText(string Library, double TokensPerSecond, double TokensPerSecondMin, double TokensPerSecondMax);

/// <summary>A point of both curves.</summary>
public sealed record Losses(int Step, double Gpurnn, double Libtorch);

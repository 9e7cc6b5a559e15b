namespace GpuRnn.Bench.Results;

/// <summary>The row of text.json.</summary>
sealed record TextResult(string Data, int Characters, int Vocabulary, string Cell, int Hidden, int Layers, int Batch, int Unroll, int Steps,
    IReadOnlyList<LibraryText> Libraries, IReadOnlyList<Losses> Curve);

/// <summary>How fast a library trains on text.</summary>
sealed record LibraryText(string Library, double TokensPerSecond, double TokensPerSecondMin, double TokensPerSecondMax);

/// <summary>A point of both curves.</summary>
sealed record Losses(int Step, double Gpurnn, double Libtorch);

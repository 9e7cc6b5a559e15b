namespace GpuRnn.Measuring.Results;

/// <summary>A row of memory.json.</summary>
public sealed record MemoryResult(string Suite, string Cell, string Pass, int T, int B, int I, int H,
    IReadOnlyList<LibraryMemory> Libraries)
{
    public string Shape => $"{T}, {B}, {I}, {H}";
    public double Of(Library library) => Libraries.FirstOrDefault(l => l.Library == library.Id)?.Megabytes ?? double.NaN;
}

/// <summary>What a library's step takes at its peak.</summary>
public sealed record LibraryMemory(string Library, double Megabytes);

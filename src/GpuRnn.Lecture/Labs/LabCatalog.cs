namespace GpuRnn.Lecture.Labs;

/// <summary>The labs of `gpurnn lab`.</summary>
public static class LabCatalog
{
    public static IReadOnlyList<Lab> Labs { get; } = [new Memory.MemoryLab(), new Gradients.GradientsLab(), new Gates.GatesLab()];
}

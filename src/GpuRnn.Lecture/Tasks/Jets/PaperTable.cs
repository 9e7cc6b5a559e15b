namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Figures of taggers on the Top Quark Tagging reference sample, from table 1 of A. Butter et al., "The Machine Learning landscape of top
/// taggers", arXiv 1902.09914 (single networks; rejection at a signal efficiency of 0.3).
/// </summary>
static class PaperTable
{
    public static readonly (string Tagger, double Auc, double Accuracy, string Rejection)[] Rows =
    [
        ("LDA on images", 0.955, 0.892, "151"),
        ("TopoDNN (constituents)", 0.972, 0.916, "295 ± 5"),
        ("EFN", 0.979, 0.927, "633 ± 31"),
        ("N-subjettiness, 6 bodies", 0.979, 0.922, "792 ± 18"),
        ("LoLa", 0.980, 0.929, "722 ± 17"),
        ("P-CNN", 0.980, 0.930, "732 ± 24"),
        ("CNN on images", 0.981, 0.930, "914 ± 14"),
        ("TreeNiN", 0.982, 0.933, "1025 ± 11"),
        ("PFN", 0.982, 0.932, "891 ± 18"),
        ("ResNeXt on images", 0.984, 0.936, "1122 ± 47"), ("ParticleNet", 0.985, 0.938, "1298 ± 46"),
    ];
}

using GpuRnn.Kernels.Items;

namespace GpuRnn.Layers;

/// <summary>What tells one kind of attention from another.</summary>
/// <param name="Score">The score of a query and a key, open over the lane.</param>
/// <param name="Projects">Are queries and keys made of the two sides by matrices of the layer? If not, both sides have one size.</param>
/// <param name="Scale">What a score of queries of so many elements is multiplied with.</param>
sealed record Scoring(Type Score, bool Projects, Func<int, double> Scale)
{
    /// <exception cref="BadArgumentException">There is no such kind.</exception>
    public static Scoring Of(AttentionKind kind) => Limits.Known(kind, "A kind of attention") switch
    {
        AttentionKind.Dot => new(typeof(DotScore<>), false, size => 1 / Math.Sqrt(size)),
        _ => new(typeof(AdditiveScore<>), true, _ => 1),
    };
}

using GpuRnn.Lecture.Tasks.Captions;

namespace GpuRnn.Lecture.Tests.Tasks.Captions;

/// <summary>Every scene there is, and so every sentence: listed, where the grammar draws.</summary>
static class EveryScene
{
    static readonly Kind[] kinds = Enum.GetValues<Kind>();
    static readonly Colour[] colours = Enum.GetValues<Colour>();
    static readonly bool[] either = [false, true];

    public static IReadOnlyList<Scene> All { get; } = [.. either.SelectMany(night => Firsts.SelectMany(first => Of(first, night)))];

    static IEnumerable<Figure> Firsts =>
        from kind in kinds from colour in colours from deed in DeedsOf(kind) from two in either select new Figure(kind, colour, deed, two);

    static IEnumerable<Scene> Of(Figure first, bool night) =>
    [
        .. from size in first.Acts || first.Two ? (Size[])[Size.Unsaid] : [Size.Small, Size.Big] select new Scene(first, night, size),
        .. from kind in kinds from colour in colours
           where !Figure.ActsAs(kind) && (first.Kind, first.Colour).CompareTo((kind, colour)) < 0
           from relation in Enum.GetValues<Relation>()
           select new Scene(first, night, Size.Unsaid, relation, new Figure(kind, colour)),
    ];

    static Deed[] DeedsOf(Kind kind) => Figure.ActsAs(kind) ? [Deed.Running, Deed.Sitting, Deed.Jumping, Deed.Sleeping] : [Deed.Nothing];
}

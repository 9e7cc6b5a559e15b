using GpuRnn.Data;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>
/// Makes small pictures with sentences. What a sentence does not say, a picture varies: exact places and sizes, shades, which way
/// somebody looks, and noise.
/// </summary>
static class SceneGrammar
{
    /// <summary>Draws for one picture of a portion before it counts as empty.</summary>
    const int Patience = 100_000;

    static readonly Kind[] things = [.. Enum.GetValues<Kind>().Where(k => !Figure.ActsAs(k))],
        actors = [.. Enum.GetValues<Kind>().Where(Figure.ActsAs)];
    static readonly Colour[] colours = Enum.GetValues<Colour>();
    static readonly Deed[] deeds = [Deed.Running, Deed.Sitting, Deed.Jumping, Deed.Sleeping];

    static Size[] SizesOf(Figure figure) => figure.Acts || figure.Two ? [Size.Unsaid] : [Size.Small, Size.Big];

    static bool InOrder(Figure first, Figure second) => (first.Kind, first.Colour).CompareTo((second.Kind, second.Colour)) < 0;

    /// <summary>Pictures of any scene. The same on every platform.</summary>
    /// <param name="seed">Which pictures.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Width and height in pixels; at least 16.</param>
    public static IEnumerable<CaptionedPicture> Generate(int seed, int count, int size = 32) => Endless(seed, size, _ => true).Take(count);

    /// <summary>
    /// Pictures of the scenes of one portion. Where a scene belongs follows from its sentence alone: no other portion of the same split
    /// shows it, whatever the seed.
    /// </summary>
    /// <exception cref="GpuRnnException">The portion has no scenes.</exception>
    public static IEnumerable<CaptionedPicture> Generate(int seed, int count, Split split, Portion portion, int size = 32) =>
        count == 0 ? [] : Endless(seed, size, sentence => split.Of(sentence) == portion).Take(count);

    static IEnumerable<CaptionedPicture> Endless(int seed, int size, Func<string, bool> wanted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        Draws draws = new(new SplitMix(unchecked((ulong)seed)));
        for (int inVain = 0; inVain < Patience; inVain++)
        {
            Scene scene = Draw(draws);
            if (!wanted(scene.Sentence)) continue;
            yield return new(new RgbPicture(size, size, ScenePainter.Paint(scene, draws, size)), scene.Sentence);
            inVain = -1;
        }
        throw new GpuRnnException($"None of {Patience} scenes is of the portion that was asked for: give it a greater share.");
    }

    /// <summary>A quarter are somebody who does something, a tenth things alone, the rest two figures.</summary>
    static Scene Draw(Draws draws)
    {
        int template = draws.Below(20);
        bool night = draws.Percent(50), two = draws.Percent(30);
        if (template < 5) return new(Actor(draws, two), night);
        if (template < 7)
        {
            Figure alone = Thing(draws) with { Two = two };
            return new(alone, night, draws.Of(SizesOf(alone)));
        }
        Figure second = Thing(draws), first = draws.Percent(50) ? Actor(draws, two) : Thing(draws);
        while (first.Kind == second.Kind && first.Colour == second.Colour) first = Thing(draws);
        if (!InOrder(first, second)) (first, second) = (second, first);
        return new(first with { Two = two }, night, Size.Unsaid, draws.Of(Enum.GetValues<Relation>()), second);
    }

    static Figure Thing(Draws draws) => new(draws.Of(things), draws.Of(colours));

    static Figure Actor(Draws draws, bool two) => new(draws.Of(actors), draws.Of(colours), draws.Of(deeds), two);
}

using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Captions;

namespace GpuRnn.Lecture.Tests.Tasks.Captions;

/// <summary>Sentences of scenes, and their split.</summary>
public class SceneGrammarTests
{
    static readonly IReadOnlyList<Scene> scenes = EveryScene.All;
    static readonly string[] nouns =
    [
        "man", "men", "woman", "women", "dog", "dogs", "bird", "birds", "ball", "balls", "car", "cars", "boat", "boats", "house", "houses",
        "tree", "trees",
    ];
    static readonly string[] colours = ["red", "green", "blue", "yellow", "white", "purple", "orange"];

    // 9 kinds in 7 colours: 3 that act x 4 deeds = 84 actors and 42 things, each one or two, by day or night.
    // Alone: 84 x 2 actors, and things small, big or two: 42 x 3. Two: 84 x 2 x 42 pairs with an actor, (42 x 41 / 2) x 2 without, in 4
    // relations.
    [Test]
    public void ThereAreAsManyScenesAsCountedByHand() =>
        Assert.That(scenes, Has.Count.EqualTo(2 * (84 * 2 + 42 * 3 + 4 * (84 * 2 * 42 + 42 * 41))));

    [Test]
    public void ASceneHasASentenceOfItsOwn()
    {
        Assert.That(scenes.Select(s => s.Sentence), Is.Unique);
        Assert.That(scenes, Is.Unique);
    }

    [Test]
    public void SentencesAreThoseMadeByHand()
    {
        Figure ball = new(Kind.Ball, Colour.Red), house = new(Kind.House, Colour.Blue), tree = new(Kind.Tree, Colour.Orange);
        Assert.That(new Scene(ball, false, Second: house).Sentence, Is.EqualTo("a red ball is left of a blue house ."));
        Assert.That(new Scene(ball, true, Size.Big).Sentence, Is.EqualTo("there is a big red ball at night ."));
        Assert.That(new Scene(house with { Two = true }, false).Sentence, Is.EqualTo("there are two blue houses ."));
        Assert.That(new Scene(tree, false, Size.Small).Sentence, Is.EqualTo("there is a small orange tree ."));
        Assert.That(new Scene(new(Kind.Bird, Colour.Green, Two: true), false, Relation: Relation.Above, Second: tree).Sentence,
            Is.EqualTo("two green birds are above an orange tree ."));
        Assert.That(new Scene(new(Kind.Man, Colour.Orange, Deed.Running), true).Sentence,
            Is.EqualTo("a man in orange is running at night ."));
        Assert.That(new Scene(new(Kind.Woman, Colour.White, Deed.Sitting, true), false, Relation: Relation.RightOf, Second: ball).Sentence,
            Is.EqualTo("two women in white are sitting right of a red ball ."));
        Assert.That(new Scene(new(Kind.Dog, Colour.Orange, Deed.Sleeping), true, Relation: Relation.Below, Second: tree).Sentence,
            Is.EqualTo("an orange dog is sleeping below an orange tree at night ."));
    }

    // What is left, above and so on can be said from either side: the order of kinds decides, and that of colours.
    [Test]
    public void NoSceneIsSaidFromItsOtherSide()
    {
        foreach (Scene scene in scenes.Where(s => s.Second is not null))
            Assert.That((scene.First.Kind, scene.First.Colour), Is.LessThan((scene.Second!.Kind, scene.Second.Colour)));
    }

    [Test]
    public void EveryWordAndEveryCombinationIsDrawn()
    {
        Split split = new(5);
        string[] training = [.. SceneGrammar.Generate(1, 12_000, split, Portion.Training, 16).Select(p => p.Caption)];
        Assert.That(training.Except(scenes.Select(s => s.Sentence)), Is.Empty);
        HashSet<string> all = [.. scenes.SelectMany(s => s.Sentence.Split(' '))], trained = [.. training.SelectMany(s => s.Split(' '))];
        Assert.That(trained, Is.EquivalentTo(all));
        Assert.That(trained, Is.SupersetOf(nouns.Concat(colours)));
        foreach (Kind kind in Enum.GetValues<Kind>())
            foreach (Colour colour in Enum.GetValues<Colour>())
                Assert.That(training.Any(s => s.Contains(new Figure(kind, colour).Words() + " ")), $"{colour} {kind}");
        Assert.That(training.Count(s => s.Contains("night")), Is.InRange(5500, 6500));
        foreach (string relation in (string[])["left of", "right of", "above", "below"])
            Assert.That(training.Count(s => s.Contains(relation)), Is.InRange(1600, 2300), relation);
    }

    [Test]
    public void NoTestSceneIsTrainedOn()
    {
        Split split = new(5);
        HashSet<string> trained = [.. SceneGrammar.Generate(1, 6000, split, Portion.Training, 16).Select(p => p.Caption)];
        HashSet<string> tested = [.. SceneGrammar.Generate(1, 1000, split, Portion.Test, 16).Select(p => p.Caption)];
        Assert.That(trained.Overlaps(tested), Is.False);
        Assert.That(tested, Has.Count.GreaterThan(500));
        int ofTest = scenes.Count(s => split.Of(s.Sentence) == Portion.Test);
        Assert.That(ofTest / (double)scenes.Count, Is.EqualTo(0.1).Within(0.01));
    }

    [Test]
    public void APortionWithoutScenesIsTold() =>
        Assert.That(() => SceneGrammar.Generate(1, 1, new Split(1, 0, 0), Portion.Test).Count(), Throws.TypeOf<GpuRnnException>());
}

using GpuRnn.Data;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Lecture.Tasks.Captions;

namespace GpuRnn.Lecture.Tests.Tasks.Captions;

/// <summary>Pictures against their sentences.</summary>
public class PictureTests
{
    const int Side = 32;

    [Test]
    public void TheSeedDecidesThePictures()
    {
        CaptionedPicture[] one = [.. SceneGrammar.Generate(4, 20)], same = [.. SceneGrammar.Generate(4, 20)],
            other = [.. SceneGrammar.Generate(5, 20)];
        for (int i = 0; i < one.Length; i++)
        {
            Assert.That(same[i].Caption, Is.EqualTo(one[i].Caption));
            Assert.That(same[i].Picture.Bytes, Is.EqualTo(one[i].Picture.Bytes));
        }
        Assert.That(other.Select(p => p.Caption), Is.Not.EqualTo(one.Select(p => p.Caption)));
        Assert.That((one[0].Picture.Width, one[0].Picture.Height, one[0].Picture.Bytes.Length), Is.EqualTo((Side, Side, 3 * Side * Side)));
    }

    [TestCase(16)]
    [TestCase(48)]
    public void OtherSizesShowTheSame(int size)
    {
        CaptionedPicture picture = SceneGrammar.Generate(4, 1, size).Single();
        Assert.That(picture.Picture.Bytes, Has.Length.EqualTo(3 * size * size));
        Assert.That(picture.Caption, Is.EqualTo(SceneGrammar.Generate(4, 1).Single().Caption));
    }

    [Test]
    public void SizesTooSmallAreRefused() =>
        Assert.That(() => SceneGrammar.Generate(1, 1, 15).Count(), Throws.TypeOf<ArgumentOutOfRangeException>());

    // The same chance, another scene.
    [Test]
    public void DifferentScenesGiveDifferentPictures()
    {
        Scene[] scenes = [.. EveryScene.All.Where((_, i) => i % 7 == 0)];
        string[] pictures = [.. scenes.Take(1500).Select(s => Convert.ToBase64String(Paint(s, 3, 16)))];
        Assert.That(pictures, Is.Unique);
    }

    [Test]
    public void OneSceneHasManyPictures() =>
        Assert.That(Enumerable.Range(0, 50)
            .Select(seed => Convert.ToBase64String(Paint(new(new(Kind.Ball, Colour.Red), false, Size.Big), seed))), Is.Unique);

    // The sky's colour is on all four borders: a figure that left the picture would cover it.
    [Test]
    public void FiguresStayWithinAndSkiesAreRight()
    {
        int seed = 0;
        foreach (Scene scene in EveryScene.All.Where((_, i) => i % 97 == 0))
        {
            byte[] picture = Paint(scene, seed++);
            (double r, double g, double b) sky = scene.Night ? (18, 22, 54) : (150, 200, 240);
            (int X, int Y)[] corners = [(0, 0), (Side - 1, 0), (0, Side - 1), (Side - 1, Side - 1)];
            foreach ((int x, int y) in corners) Assert.That(Distance(picture, x, y, sky), Is.LessThan(30), scene.Sentence);
            Spot[] spots = Layout.Of(scene, new(new SplitMix((ulong)seed)));
            foreach (Spot spot in spots)
            {
                Assert.That(spot.X - spot.Half, Is.GreaterThanOrEqualTo(0), scene.Sentence);
                Assert.That(spot.Y - spot.Half, Is.GreaterThanOrEqualTo(0), scene.Sentence);
                Assert.That(spot.X + spot.Half, Is.LessThanOrEqualTo(32), scene.Sentence);
                Assert.That(spot.Y + spot.Half, Is.LessThanOrEqualTo(32), scene.Sentence);
            }
            foreach (Spot a in spots)
                foreach (Spot b in spots.Where(b => b != a))
                    Assert.That(Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)), Is.GreaterThanOrEqualTo(a.Half + b.Half),
                        scene.Sentence);
        }
    }

    [Test]
    public void ColoursAreThere([Range(0, 6)] int number, [Values] bool night)
    {
        Colour colour = (Colour)number;
        Rgb rgb = ScenePainter.Of(colour);
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            Deed deed = Figure.ActsAs(kind) ? Deed.Running : Deed.Nothing;
            byte[] picture = Paint(new(new(kind, colour, deed), night, Size.Big), 1);
            int own = Pixels().Count(p => Distance(picture, p.X, p.Y, (rgb.R, rgb.G, rgb.B)) < 35);
            Assert.That(own, Is.GreaterThan(25), $"{kind}");
        }
    }

    // Nothing but the two figures is red or blue, so their pixels say where they are.
    [Test]
    public void RelationsAreWhatThePictureShows([Range(0, 3)] int number, [Values] bool two)
    {
        Relation relation = (Relation)number;
        for (int seed = 0; seed < 30; seed++)
        {
            byte[] picture =
                Paint(new(new(Kind.Ball, Colour.Red, Two: two), seed % 2 == 0, Relation: relation, Second: new(Kind.Tree, Colour.Green)),
                seed);
            (double x, double y) first = Centre(picture, (218, 28, 28)), second = Centre(picture, (25, 150, 45));
            bool right = relation switch
            {
                Relation.LeftOf => second.x - first.x > 10,
                Relation.RightOf => first.x - second.x > 10,
                Relation.Above => second.y - first.y > 10,
                _ => first.y - second.y > 10,
            };
            Assert.That(right, $"{first} {second}");
        }
    }

    [Test]
    public void SizesAreWhatThePictureShows()
    {
        int Red(Size size, int seed) =>
            Pixels().Count(p => Distance(Paint(new(new(Kind.Ball, Colour.Red), false, size), seed), p.X, p.Y, (218, 28, 28)) < 60);
        for (int seed = 0; seed < 3; seed++) Assert.That(Red(Size.Big, seed), Is.GreaterThan(3 * Red(Size.Small, seed)));
    }

    // The same spot and shade, another kind or deed: a fair part of the pixels must differ.
    [Test]
    public void KindsAndDeedsLookDifferent([Values] bool night)
    {
        Figure[] figures =
        [
            .. from kind in Enum.GetValues<Kind>() from deed in Enum.GetValues<Deed>() where Figure.ActsAs(kind) == (deed != Deed.Nothing)
               select new Figure(kind, Colour.Red, deed),
        ];
        Assert.That(figures, Has.Length.EqualTo(18));
        byte[][] pictures =
            [.. figures.Select(f => Paint(new(f, night, Relation: Relation.LeftOf, Second: new(Kind.Tree, Colour.Blue)), 2))];
        for (int a = 0; a < figures.Length; a++)
            for (int b = 0; b < a; b++)
            {
                byte[] other = pictures[b];
                int different = Pixels()
                    .Count(p => Distance(pictures[a], p.X, p.Y, (other[At(p)], other[At(p) + 1], other[At(p) + 2])) > 60);
                Assert.That(different, Is.GreaterThan(20),
                    $"{figures[a].Words()} {figures[a].Deed}, {figures[b].Words()} {figures[b].Deed}");
            }
    }

    // A disc of radius r covers pi r^2; half-covered pixels must count as half.
    [Test]
    public void ShapesHoldWhatTheyShould()
    {
        Assert.That(Area(new Ellipse(default, 0.1, 0, 0.5, 0.25)), Is.EqualTo(Math.PI * 0.125).Within(0.01));
        Assert.That(Area(new Polygon(default, (-0.5, -0.5), (0.5, -0.5), (0, 0.5))), Is.EqualTo(0.5).Within(0.01));
        Assert.That(Area(new Limb(default, -0.3, -0.4, 0.3, 0.4, 0.2)), Is.EqualTo(0.4 + Math.PI * 0.04).Within(0.01));
    }

    static double Area(Shape shape)
    {
        const int Steps = 500;
        int inside = 0;
        for (int i = 0; i < Steps * Steps; i++)
            if (shape.Contains((i % Steps + 0.5) * 2 / Steps - 1, (i / Steps + 0.5) * 2 / Steps - 1)) inside++;
        return inside * 4.0 / (Steps * Steps);
    }

    static byte[] Paint(Scene scene, int seed, int size = Side) => ScenePainter.Paint(scene, new Draws(new SplitMix((ulong)seed)), size);

    static IEnumerable<(int X, int Y)> Pixels() => Enumerable.Range(0, Side * Side).Select(i => (i % Side, i / Side));

    static int At((int X, int Y) pixel) => 3 * (pixel.Y * Side + pixel.X);

    static double Distance(byte[] picture, int x, int y, (double R, double G, double B) colour)
    {
        int at = At((x, y));
        double r = picture[at] - colour.R, g = picture[at + 1] - colour.G, b = picture[at + 2] - colour.B;
        return Math.Sqrt(r * r + g * g + b * b);
    }

    static (double X, double Y) Centre(byte[] picture, (double R, double G, double B) colour)
    {
        (int X, int Y)[] own = [.. Pixels().Where(p => Distance(picture, p.X, p.Y, colour) < 50)];
        return (own.Average(p => p.X), own.Average(p => p.Y));
    }
}

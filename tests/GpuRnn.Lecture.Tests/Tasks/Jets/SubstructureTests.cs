using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>tau_N, frames, pictures and sequences against cases worked by hand.</summary>
public class SubstructureTests
{
    static FourVector At(double pt, double eta, double phi) => FourVector.FromRapidity(pt, eta, phi, 0);

    [Test]
    public void AsManyAxesAsParticlesLeaveNothing()
    {
        FourVector[] three = [At(100, 0, 0), At(80, 0.4, 0), At(60, 0, 0.5)];
        double[] taus = Substructure.Taus(three, 0.8);
        Assert.That(taus[2], Is.Zero);
        Assert.That(taus[1], Is.GreaterThan(0));
        Assert.That(Substructure.Taus(three[..2], 0.8)[1..], Is.EqualTo(new[] { 0.0, 0 }));
        Assert.That(Substructure.Tau32(new(three[..1], true), 0.8), Is.EqualTo(1));
    }

    [Test]
    public void CollinearParticlesAreOneProng()
    {
        FourVector[] collinear = [At(50, 0.3, 1), At(30, 0.3, 1), At(20, 0.3, 1)];
        double[] taus = Substructure.Taus(collinear, 0.8);
        Assert.That(taus, Is.All.EqualTo(0).Within(1e-7));
        Assert.That(taus[2], Is.Zero);
    }

    [Test]
    public void ByHand()
    {
        // kT sums the closest in min(pT) DeltaR: each soft one and its hard one, which draws the axis away from the hard one by the
        // soft one's momentum across: sinh(0.1) and sin(0.3), times one in a million
        FourVector[] particles = [At(1e6, 0, 0), At(1, 0.1, 0), At(1e6, 0, 2), At(1, 0, 2.3), At(1e6, 1, 1)];
        double[] taus = Substructure.Taus(particles, 0.5);
        Assert.That(taus[2], Is.EqualTo((0.1 + 0.3 + Math.Sinh(0.1) + Math.Sin(0.3)) / (3e6 * 0.5)).Within(1e-12));
        // two axes: one of the three hard ones joins another, sqrt(2) away, and the axis lies between them
        Assert.That(taus[1], Is.InRange(0.5, 2));
        Assert.That(taus[0], Is.GreaterThan(taus[1]));
    }

    [Test]
    public void AFrameIsCentredUprightAndFlipped()
    {
        // two on a line at 45 degrees, the harder one up; a third across it, to its left
        PlacedConstituent[] placed = JetFrame.Place(new([At(60, 0.5, 1.5), At(40, 0.1, 1.1)], false));
        double half = 0.4 * Math.Sqrt(2);
        Assert.That(placed.Select(p => p.X), Is.All.EqualTo(0).Within(1e-12));
        Assert.That(placed.Select(p => p.Y), Is.EqualTo(new[] { 0.4 * half, -0.6 * half }).Within(1e-12));
        Assert.That(placed.Select(p => p.PtShare), Is.EqualTo(new[] { 0.6, 0.4 }).Within(1e-12));
    }

    [Test]
    public void FramesAndPicturesForgetWhereTheJetWas()
    {
        (double Pt, double X, double Y)[] parts = [(200, 0, 0.02), (150, 0.03, -0.3), (80, 0.21, 0.13), (30, -0.11, 0.4), (5, -0.3, -0.1)];
        PlacedConstituent[] expected = JetFrame.Place(Moved(parts, 0, 0, 0, 1));
        Assert.That(expected.Sum(p => p.PtShare * p.X), Is.Zero.Within(1e-14));
        Assert.That(expected.Sum(p => p.PtShare * p.Y), Is.Zero.Within(1e-14));
        Assert.That(expected.Sum(p => p.PtShare * p.X * p.Y), Is.Zero.Within(1e-14));
        Assert.That(expected.Sum(p => p.PtShare * p.Y * p.Y), Is.GreaterThan(expected.Sum(p => p.PtShare * p.X * p.X)));
        Assert.That(expected.Sum(p => p.PtShare * Math.Sign(p.X)) >= 0 && expected.Sum(p => p.PtShare * Math.Sign(p.Y)) >= 0);
        float[,] image = JetImage.Of(Moved(parts, 0, 0, 0, 1));
        foreach ((double eta, double phi, double turn, int mirror)
            in new[] { (1.3, 3.1, 0.0, 1), (-0.7, -2, 2.1, 1), (0.2, 1, -0.8, -1), (0, 0, Math.PI, -1) })
        {
            Jet moved = Moved(parts, eta, phi, turn, mirror);
            PlacedConstituent[] placed = JetFrame.Place(moved);
            Assert.That(placed.Select(p => p.X), Is.EqualTo(expected.Select(p => p.X)).Within(1e-9));
            Assert.That(placed.Select(p => p.Y), Is.EqualTo(expected.Select(p => p.Y)).Within(1e-9));
            Assert.That(JetImage.Of(moved), Is.EqualTo(image).Within(1e-6));
        }
        Assert.That(image.Cast<float>().Sum(), Is.EqualTo(1).Within(1e-6));

        static Jet Moved((double Pt, double X, double Y)[] parts, double eta, double phi, double turn, int mirror) =>
            new([.. parts.Select(p =>
        {
            double x = Math.Cos(turn) * p.X - Math.Sin(turn) * p.Y, y = Math.Sin(turn) * p.X + Math.Cos(turn) * p.Y;
            return At(p.Pt, eta + mirror * x, phi + y);
        })], false);
    }

    [Test]
    public void PixelsByHand()
    {
        // one particle: the centre, which is the corner of the pixel to its upper right
        float[,] one = JetImage.Of(new([At(10, 1, 2)], true));
        Assert.That(one[19, 20], Is.EqualTo(1));
        // 0.3 apart, shares 2/3 and 1/3: at 0.1 above (pixel 2, pixels being 0.04) and 0.2 below (pixel -5)
        float[,] two = JetImage.Of(new([At(20, 0, 0), At(10, 0, 0.301)], true));
        Assert.That(two.Cast<float>().Max(), Is.EqualTo(2f / 3).Within(1e-6));
        Assert.That(Enumerable.Range(0, 40).Sum(c => two[19 - 2, c]), Is.EqualTo(2f / 3).Within(1e-6));
        Assert.That(Enumerable.Range(0, 40).Sum(c => two[19 + 6, c]), Is.EqualTo(1f / 3).Within(1e-6));
        float[,] mean =
            JetImage.MeanOf([new([At(10, 1, 2)], true), new([At(1, 0, 0)], true), new([At(20, 0, 0), At(10, 0, 0.301)], false)], true);
        Assert.That(mean, Is.EqualTo(one));
        Assert.That(() => JetImage.MeanOf([new([At(10, 1, 2)], true)], false),
            Throws.TypeOf<GpuRnnException>().With.Message.Contain("QCD"));
    }

    [Test]
    public void SequencesByHand()
    {
        JetFeatures features = new(3);
        Jet jet = new([At(10, 0, 0.3), At(20, 0, 0)], true);
        float[] sequence = new float[3 * JetFeatures.Count];
        Array.Fill(sequence, 5);
        Assert.That(features.Write(jet, sequence), Is.EqualTo(2));
        double jetPt = jet.Momentum.Pt;
        double[] hardest =
        [
            0, 0.1 * 4, (Math.Log(20) - 1.6) * 0.7, (Math.Log(20) - 2) * 0.7,
            (Math.Log(20 / jetPt) + 4.8) * 0.7, (Math.Log(20.0 / 30) + 4.8) * 0.7,
            (0.1 - 0.25) * 5
        ];
        double[] second =
        [
            0, -0.2 * 4, (Math.Log(10) - 1.6) * 0.7, (Math.Log(10) - 2) * 0.7,
            (Math.Log(10 / jetPt) + 4.8) * 0.7, (Math.Log(10.0 / 30) + 4.8) * 0.7,
            (0.2 - 0.25) * 5
        ];
        Assert.That(sequence[..7], Is.EqualTo(hardest).Within(1e-5));
        Assert.That(sequence[7..14], Is.EqualTo(second).Within(1e-5));
        Assert.That(sequence[14..], Is.All.Zero);

        (float[] all, int[] lengths) = new JetFeatures(1).Batch([jet, new([At(10, 0, 0)], false)]);
        Assert.That(lengths, Is.EqualTo(new[] { 1, 1 }));
        Assert.That(all[..7], Is.EqualTo(sequence[..7]));
        Assert.That(() => features.Write(jet, new float[7]), Throws.TypeOf<GpuRnnException>().With.Message.Contain("3 steps of 7"));
    }

    [Test]
    public void FeaturesAreOfUnitScale()
    {
        Jet[] jets = [.. new JetSimulation(new(), 400).Read()];
        JetFeatures features = new();
        (float[] all, int[] lengths) = features.Batch(jets);
        for (int f = 0; f < JetFeatures.Count; f++)
        {
            double[] values =
            [
                .. Enumerable.Range(0, jets.Length).SelectMany(j => Enumerable.Range(0, lengths[j])
                    .Select(t => (double)all[(j * features.Steps + t) * JetFeatures.Count + f]))
            ];
            double mean = values.Average();
            Assert.That(mean, Is.InRange(-0.5, 0.5), JetFeatures.Names[f]);
            Assert.That(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), Is.InRange(0.5, 1.5), JetFeatures.Names[f]);
        }
    }
}

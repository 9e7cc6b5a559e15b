using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>Kinematics against cases worked by hand.</summary>
public class FourVectorTests
{
    [Test]
    public void ByHand()
    {
        FourVector p = new(13, 3, 4, 12);
        Assert.That(p.Pt, Is.EqualTo(5));
        Assert.That(p.Momentum, Is.EqualTo(13));
        Assert.That(p.Mass, Is.Zero);
        Assert.That(p.Rapidity, Is.EqualTo(0.5 * Math.Log(25)).Within(1e-14));
        Assert.That(p.Eta, Is.EqualTo(Math.Log(5)).Within(1e-14));
        Assert.That(p.Phi, Is.EqualTo(Math.Atan2(4, 3)));

        FourVector heavy = new(5, 0, 3, -2.4);
        Assert.That(heavy.Mass, Is.EqualTo(Math.Sqrt(25 - 9 - 5.76)).Within(1e-14));
        Assert.That(heavy.Rapidity, Is.EqualTo(0.5 * Math.Log(2.6 / 7.4)).Within(1e-14));
        Assert.That(p + heavy, Is.EqualTo(new FourVector(18, 3, 7, 9.6)));
    }

    [Test]
    public void ThereAndBack()
    {
        FourVector p = FourVector.FromRapidity(20, -1.3, 2.5, 4);
        Assert.That((p.Pt, p.Rapidity, p.Phi, p.Mass), Is.EqualTo((20.0, -1.3, 2.5, 4.0)).Using<(double, double, double, double)>(Near));

        static bool Near((double A, double B, double C, double D) a, (double A, double B, double C, double D) b) =>
            Math.Abs(a.A - b.A) + Math.Abs(a.B - b.B) + Math.Abs(a.C - b.C) + Math.Abs(a.D - b.D) < 1e-12;
    }

    [Test]
    public void CloseToTheBeamAndWithoutMomentum()
    {
        // E - pz would be 0 in double precision
        FourVector forward = FourVector.FromRapidity(1e-3, 20, 1, 0);
        Assert.That(forward.Rapidity, Is.EqualTo(20).Within(1e-6));
        Assert.That(default(FourVector).Mass, Is.Zero);
        Assert.That(double.IsFinite(new FourVector(1, 0, 0, 1).Rapidity) && double.IsFinite(new FourVector(1, 0, 0, 1).Eta));
    }

    [Test]
    public void Boosts()
    {
        // at rest it becomes what its frame is, scaled by the masses
        FourVector frame = new(5, 0, 0, 3), rest = new(8, 0, 0, 0);
        Assert.That(rest.BoostedFrom(frame), Is.EqualTo(new FourVector(10, 0, 0, 6)));
        // gamma = 5/4, gamma beta = 3/4
        Assert.That(new FourVector(4, 1, 0, 2).BoostedFrom(frame), Is.EqualTo(new FourVector(6.5, 1, 0, 5.5)));
        FourVector moving = new FourVector(7, 1, 2, 3).BoostedFrom(new(9, 4, -5, 2));
        Assert.That(moving.Mass, Is.EqualTo(new FourVector(7, 1, 2, 3).Mass).Within(1e-12));
    }

    [TestCase(3.1, -3.1, 6.2 - 2 * Math.PI)]
    [TestCase(-3.1, 3.1, 2 * Math.PI - 6.2)]
    [TestCase(1, 0.25, 0.75)]
    [TestCase(7, 0, 7 - 2 * Math.PI)]
    public void AnglesGoAround(double a, double b, double expected) =>
        Assert.That(FourVector.DeltaPhi(a, b), Is.EqualTo(expected).Within(1e-14));
}

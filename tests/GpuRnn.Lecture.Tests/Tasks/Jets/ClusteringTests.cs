using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>Clustering by hand, and against the definition taken at its word: all pairs, anew in each step.</summary>
public class ClusteringTests
{
    const double Radius = 0.8;

    static FourVector At(double pt, double rapidity, double phi) => FourVector.FromRapidity(pt, rapidity, phi, 0);

    [Test]
    public void SoftParticlesJoinTheHardOne()
    {
        // kT would sum the two soft ones, at 0.3, before the hard one at 0.6; anti-kT takes each to the hard one
        FourVector[] particles = [At(1, 0.6, 0), At(100, 0, 0), At(1, 0.6, 0.3), At(1, 1.5, 0), At(50, 0, Math.PI)];
        List<Cluster> jets = Clustering.AntiKt(particles, Radius);
        Assert.That(jets.Select(j => string.Join(',', j.Members.Order())), Is.EqualTo(new[] { "0,1,2", "4", "3" }));
        Assert.That(jets[0].Momentum.E, Is.EqualTo(particles[0].E + particles[1].E + particles[2].E).Within(1e-12));
        FourVector[] kt = Clustering.ExclusiveKt(particles[..3], 2)[1];
        Assert.That(kt.Select(j => j.Pt).Order().First(), Is.EqualTo((particles[0] + particles[2]).Pt).Within(1e-12));
    }

    [Test]
    public void TheRadiusIsTheLimitAndPhiGoesAround()
    {
        Assert.That(Clustering.AntiKt([At(10, 0, 0), At(9, 0.79, 0)], Radius), Has.Count.EqualTo(1));
        Assert.That(Clustering.AntiKt([At(10, 0, 0), At(9, 0.81, 0)], Radius), Has.Count.EqualTo(2));
        Assert.That(Clustering.AntiKt([At(10, 0, 3.1), At(9, 0, -3.1)], Radius), Has.Count.EqualTo(1));
        Assert.That(Clustering.AntiKt([], Radius), Is.Empty);
    }

    [Test]
    public void JetsAreThoseOfTheDefinition()
    {
        SplitMix random = new(11);
        for (int trial = 0; trial < 800; trial++)
        {
            // many small and dense ones: there a sum lies nearer to a third than either part did
            FourVector[] particles = Particles(random, trial % 40 == 0 ? 60 : 1 + random.Below(25), trial % 2 == 0 ? 2 : 0.8);
            foreach (double power in new[] { -1.0, 1.0 })
            {
                string[] expected = [.. Literal(particles, Radius, power, 0).Select(Text).Order()];
                if (power < 0)
                    Assert.That(Clustering.AntiKt(particles, Radius).Select(j => Text(j.Momentum)).Order(), Is.EqualTo(expected));
                for (int n = 1; power > 0 && n <= Math.Min(3, particles.Length); n++)
                    Assert.That(
                        Clustering.ExclusiveKt(particles, 3)[n - 1].Select(Text).Order(),
                        Is.EqualTo(Literal(particles, double.PositiveInfinity, power, n).Select(Text).Order()));
            }
        }
    }

    [Test]
    public void EveryParticleIsInOneJet()
    {
        FourVector[] particles = Particles(new(5), 120);
        List<Cluster> jets = Clustering.AntiKt(particles, Radius);
        Assert.That(jets.SelectMany(j => j.Members).Order(), Is.EqualTo(Enumerable.Range(0, 120)));
        Assert.That(jets.Select(j => j.Momentum.Pt2), Is.Ordered.Descending);
        foreach (Cluster jet in jets)
            Assert.That(FourVector.Sum(jet.Members.Select(i => particles[i])).E, Is.EqualTo(jet.Momentum.E).Within(1e-9));
    }

    static FourVector[] Particles(SplitMix random, int count, double spread = 2) =>
        [.. Enumerable.Range(0, count).Select(_ => FourVector.FromRapidity(
            random.Exponential() * 20,
            random.Uniform(-spread, spread),
            random.Uniform(-2 * spread, 2 * spread),
            random.Uniform()))];

    // all digits: the sums are taken in the same order
    static string Text(FourVector p) => $"{p.E:R} {p.Px:R} {p.Py:R} {p.Pz:R}";

    /// <summary>The definition: the smallest of all d_ij and d_iB, until nothing, or so many, are left.</summary>
    static List<FourVector> Literal(FourVector[] particles, double radius, double power, int until)
    {
        List<FourVector> left = [.. particles], jets = [];
        while (left.Count > until)
        {
            double best = double.PositiveInfinity;
            (int First, int Second) pair = (0, -1);
            for (int i = 0; i < left.Count; i++)
            {
                double beam = Math.Pow(left[i].Pt2, power);
                if (until == 0 && beam < best) (best, pair) = (beam, (i, -1));
                for (int j = i + 1; j < left.Count; j++)
                {
                    double d =
                        Math.Min(beam, Math.Pow(left[j].Pt2, power)) * FourVector.DeltaR2(left[i],
                        left[j]) / (until == 0 ? radius * radius : 1);
                    if (d < best) (best, pair) = (d, (i, j));
                }
            }
            if (pair.Second < 0) jets.Add(left[pair.First]);
            else left[pair.First] += left[pair.Second];
            left.RemoveAt(pair.Second < 0 ? pair.First : pair.Second);
        }
        jets.AddRange(left);
        return jets;
    }
}

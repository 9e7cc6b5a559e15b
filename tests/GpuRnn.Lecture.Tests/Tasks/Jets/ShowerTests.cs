using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>What showers and decays conserve, and what they are known to do on average.</summary>
public class ShowerTests
{
    static readonly ShowerOptions s_options = new();

    [TestCase(false, 600)]
    [TestCase(true, 600)]
    [TestCase(true, 2)]
    public void EnergyAndDirectionAreKept(bool isGluon, double energy)
    {
        Parton parton = isGluon ? Parton.Gluon : Parton.Quark;
        PartonShower shower = new(s_options);
        SplitMix random = new(1);
        for (int trial = 0; trial < 50; trial++)
        {
            List<FourVector> particles = [];
            (double X, double Y, double Z) along = random.Direction();
            shower.Run(parton, energy, along, 1, random, particles);
            FourVector sum = FourVector.Sum(particles);
            Assert.That(sum.E, Is.EqualTo(energy).Within(1e-9 * energy));
            double p = sum.Momentum;
            Assert.That(sum.Px / p, Is.EqualTo(along.X).Within(1e-9));
            Assert.That(sum.Py / p, Is.EqualTo(along.Y).Within(1e-9));
            Assert.That(sum.Pz / p, Is.EqualTo(along.Z).Within(1e-9));
            foreach (FourVector particle in particles) Assert.That(particle.Mass, Is.EqualTo(s_options.ParticleMass).Within(1e-2));
        }
    }

    [Test]
    public void TopsDecayWithoutLoss()
    {
        TopDecay decay = new(new(s_options));
        SplitMix random = new(2);
        double bosons = 0;
        const int Trials = 200;
        for (int trial = 0; trial < Trials; trial++)
        {
            List<FourVector> particles = [];
            FourVector top = FourVector.FromRapidity(600, random.Normal(), random.Uniform(-3, 3), TopDecay.DrawMass(random));
            FourVector[] quarks = decay.Run(top, random, particles);
            foreach (FourVector sum in new[] { FourVector.Sum(particles), FourVector.Sum(quarks) })
            {
                Assert.That(sum.E, Is.EqualTo(top.E).Within(1e-7));
                Assert.That(sum.Px, Is.EqualTo(top.Px).Within(1e-7));
                Assert.That(sum.Py, Is.EqualTo(top.Py).Within(1e-7));
                Assert.That(sum.Pz, Is.EqualTo(top.Pz).Within(1e-7));
            }
            double boson = (quarks[1] + quarks[2]).Mass;
            Assert.That(boson, Is.InRange(60, 100));
            bosons += boson / Trials;
        }
        Assert.That(bosons, Is.EqualTo(80.4).Within(1));
    }

    [Test]
    public void GluonsGiveMoreParticlesAndMoreMassThanQuarks()
    {
        (double Count, double Mass) quark = Mean(Parton.Quark), gluon = Mean(Parton.Gluon);
        // the ratio of colour factors, 9/4, is that of infinite energies
        Assert.That(gluon.Count / quark.Count, Is.InRange(1.2, 2.25));
        Assert.That(gluon.Mass / quark.Mass, Is.InRange(1.2, 2.25));

        static (double Count, double Mass) Mean(Parton parton)
        {
            PartonShower shower = new(s_options);
            SplitMix random = new(3);
            const int Trials = 500;
            (double count, double mass) = (0, 0);
            for (int trial = 0; trial < Trials; trial++)
            {
                List<FourVector> particles = [];
                shower.Run(parton, 600, (1, 0, 0), 0.8, random, particles);
                count += particles.Count / (double)Trials;
                mass += FourVector.Sum(particles).Mass / Trials;
            }
            return (count, mass);
        }
    }

    [Test]
    public void TheCouplingRuns()
    {
        StrongCoupling coupling = new(0.118, 91.19, 5, 1);
        Assert.That(coupling.At(91.19), Is.EqualTo(0.118).Within(1e-12));
        // 1 / alpha grows by (33 - 2 n_f) / (6 pi) for each ln Q
        Assert.That(1 / coupling.At(91.19 * Math.E) - 1 / 0.118, Is.EqualTo(23 / (6 * Math.PI)).Within(1e-12));
        Assert.That(coupling.At(0.3), Is.EqualTo(coupling.Most));
        Assert.That(() => new StrongCoupling(0.13, 91.19, 5, 0.1), Throws.TypeOf<GpuRnnException>().With.Message.Contain("freezing"));
    }

    [Test]
    public void Draws()
    {
        SplitMix random = new(4);
        const int N = 20_000;
        double[] normal = [.. Enumerable.Range(0, N).Select(_ => random.Normal())];
        Assert.That(normal.Average(), Is.Zero.Within(0.03));
        Assert.That(normal.Average(x => x * x), Is.EqualTo(1).Within(0.05));
        Assert.That(Enumerable.Range(0, N).Average(_ => random.Exponential()), Is.EqualTo(1).Within(0.03));
        int[] counts = [.. Enumerable.Range(0, N).Select(_ => random.Poisson(3))];
        Assert.That(counts.Average(), Is.EqualTo(3).Within(0.06));
        Assert.That(counts.Average(c => (c - 3.0) * (c - 3)), Is.EqualTo(3).Within(0.2));
        // half of a Breit-Wigner lies within half a width: more, as it is cut
        double[] masses = [.. Enumerable.Range(0, N).Select(_ => random.BreitWigner(80.4, 2.1, 8))];
        Assert.That(masses.Min(), Is.GreaterThanOrEqualTo(80.4 - 8 * 2.1 - 1e-9));
        Assert.That(masses.Count(m => Math.Abs(m - 80.4) < 1.05) / (double)N, Is.EqualTo(Math.Atan(1) / Math.Atan(16)).Within(0.015));
        // the median of x^-5 from 1 to infinity is 2^(1/4)
        double[] falling = [.. Enumerable.Range(0, N).Select(_ => random.FallingPower(1, 1e6, 5)).Order()];
        Assert.That(falling[N / 2], Is.EqualTo(Math.Pow(2, 0.25)).Within(0.01));
    }
}

using GpuRnn.Data;
using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>The detector by hand, without smearing and with it; and what surrounds a jet.</summary>
public class DetectorTests
{
    static readonly DetectorOptions s_calorimeter = new() { ChargedShare = 0, StochasticTerm = 0, ConstantTerm = 0, CellThreshold = 2 };
    static readonly DetectorOptions s_tracker = new()
    {
        ChargedShare = 1, TrackEfficiency = 1,
        TrackResolution = 0, TrackResolutionGrowth = 0,
        TrackThreshold = 2
    };

    static FourVector At(double pt, double eta, double phi) => FourVector.FromRapidity(pt, eta, phi, 0);

    [Test]
    public void ACellAddsUpWhatFallsIntoIt()
    {
        // cells of 0.05: the first two in one, of eta -0.05 to 0 and phi 0.1 to 0.15; the third next to it; the last too soft
        List<FourVector> seen = new Detector(s_calorimeter)
            .See([At(3, -0.01, 0.11), At(4, -0.04, 0.14), At(5, 0.01, 0.11), At(1.9, 1, 1)], new(1));
        Assert.That(seen, Has.Count.EqualTo(2));
        Assert.That(
            (seen[0].Eta, seen[0].Phi),
            Is.EqualTo((-0.025, 0.125))
                .Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12));
        Assert.That(seen[0].E, Is.EqualTo(At(3, -0.01, 0).E + At(4, -0.04, 0).E).Within(1e-12));
        Assert.That(seen[1].Eta, Is.EqualTo(0.025).Within(1e-12));
        Assert.That(seen.Select(s => s.Mass), Is.All.LessThan(1e-6));
    }

    [Test]
    public void ATrackKeepsItsDirection()
    {
        FourVector particle = FourVector.FromRapidity(5, 0.5, 1, 0.14);
        List<FourVector> seen = new Detector(s_tracker).See([particle, At(1.9, 0, 0)], new(1));
        FourVector track = seen.Single();
        Assert.That(track.Px, Is.EqualTo(particle.Px).Within(1e-12));
        Assert.That(track.Pz, Is.EqualTo(particle.Pz).Within(1e-12));
        Assert.That(track.Mass, Is.LessThan(1e-6));
    }

    [Test]
    public void Resolutions()
    {
        SplitMix random = new(2);
        Detector calorimeter = new(s_calorimeter with { StochasticTerm = 0.3, ConstantTerm = 0.04 }),
            tracker = new(s_tracker with { TrackResolution = 0.03, TrackResolutionGrowth = 4e-4 });
        // 0.3 / sqrt(100) and 0.04 make 0.05; 0.03 and 0.04 make 0.05
        Assert.That(Spread(calorimeter), Is.EqualTo(0.05).Within(0.003));
        Assert.That(Spread(tracker), Is.EqualTo(0.05).Within(0.003));
        Assert.That(
            Enumerable.Range(0, 4000).Count(_ =>
                new Detector(s_tracker with { ChargedShare = 0.5, TrackEfficiency = 0.5, CellThreshold = 1e9 })
                    .See([At(100, 0, 0)], random).Count == 1)
                / 4000.0,
            Is.EqualTo(0.25).Within(0.03));

        double Spread(Detector detector)
        {
            double[] seen =
                [.. Enumerable.Range(0, 2000).Select(_ => detector.See([At(100, 0.025, 0.025)], random).Single().E / At(100, 0.025, 0).E)];
            Assert.That(seen.Average(), Is.EqualTo(1).Within(0.005));
            return Math.Sqrt(seen.Average(s => (s - 1) * (s - 1)));
        }
    }

    [Test]
    public void SoftParticlesAndRadiationSurroundAParton()
    {
        SimulationOptions none = new() { SoftDensity = 0, IncomingRadiation = 0 };
        Assert.That(Count(none with { SoftDensity = 3 }) - Count(none), Is.EqualTo(3 * 2.4 * 2.4).Within(1.5));
        Assert.That(Count(none with { IncomingRadiation = 0.5 }) - Count(none), Is.GreaterThan(3));
        SplitMix random = new(1);
        Assert.That(new SimulatedEvent(none).Draw(true, random, []), Has.Length.EqualTo(3));
        Assert.That(new SimulatedEvent(none).Draw(false, random, []), Is.Empty);

        static double Count(SimulationOptions options)
        {
            SimulatedEvent source = new(options);
            return Enumerable.Range(0, 1000).Average(i =>
            {
                // the same parton and shower: soft particles are drawn after them
                List<FourVector> particles = [];
                source.Draw(false, new((ulong)i), particles);
                return particles.Count;
            });
        }
    }
}

using GpuRnn.Lecture.Tasks.Jets;
using GpuRnn.Metrics;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>Simulated jets: the same for a seed, within their window, and of both classes' known features.</summary>
public class SimulationTests
{
    const int Count = 3000;
    static readonly Lazy<Jet[]> s_jets = new(() => [.. new JetSimulation(new(), Count).Read()]);

    static double[] Sorted(bool tops, Func<Jet, double> value) => [.. s_jets.Value.Where(j => j.IsTop == tops).Select(value).Order()];

    [Test]
    public void AJetFollowsFromSeedAndNumber()
    {
        JetSimulation simulation = new(new() { Seed = 9 }, 600);
        Jet[] all = [.. simulation.Read()];
        Jet[] later = [.. new JetSimulation(new() { Seed = 9 }, 10, first: 500).Read()];
        for (int i = 0; i < later.Length; i++)
        {
            Assert.That(later[i].Constituents, Is.EqualTo(all[500 + i].Constituents));
            Assert.That(simulation.Simulate(500 + i).Constituents, Is.EqualTo(all[500 + i].Constituents));
        }
        Assert.That(new JetSimulation(new() { Seed = 10 }, 1).Read().First().Constituents, Is.Not.EqualTo(all[0].Constituents));
        Assert.That(all.Select(j => string.Join(' ', j.Constituents)).Distinct().Count(), Is.EqualTo(all.Length));
    }

    [Test]
    public void JetsLieWhereTheyShould()
    {
        Assert.That(s_jets.Value.Count(j => j.IsTop), Is.EqualTo(Count / 2));
        foreach (Jet jet in s_jets.Value)
        {
            Assert.That(jet.Momentum.Pt, Is.InRange(550, 650));
            Assert.That(Math.Abs(jet.Momentum.Eta), Is.LessThan(2));
            Assert.That(jet.Constituents, Has.Count.InRange(1, 200));
            Assert.That(jet.Constituents.Select(c => c.Pt2), Is.Ordered.Descending);
        }
        // a falling spectrum: more than half below the middle
        Assert.That(s_jets.Value.Count(j => j.Momentum.Pt < 600) / (double)Count, Is.InRange(0.52, 0.7));
    }

    [Test]
    public void Masses()
    {
        double[] tops = Sorted(true, j => j.Momentum.Mass), others = Sorted(false, j => j.Momentum.Mass);
        Assert.That(tops[tops.Length / 2], Is.InRange(165, 185));
        Assert.That(tops.Count(m => m is > 160 and < 190) / (double)tops.Length, Is.InRange(0.5, 0.9));
        Assert.That(others[others.Length / 2], Is.InRange(60, 120));
        // their tail reaches beneath the peak
        Assert.That(others.Count(m => m is > 160 and < 190) / (double)others.Length, Is.InRange(0.03, 0.2));
    }

    [Test]
    public void Multiplicities()
    {
        Assert.That(Sorted(true, j => j.Constituents.Count).Average(), Is.InRange(40, 60));
        Assert.That(Sorted(false, j => j.Constituents.Count).Average(), Is.InRange(35, 55));
    }

    [Test]
    public void EachScoreTellsAndTogetherTheyTellMore()
    {
        Jet[] training = s_jets.Value[..(Count / 2)], test = s_jets.Value[(Count / 2)..];
        MassScore mass = new(training);
        bool[] labels = [.. test.Select(j => j.IsTop)];
        double[] byMass = [.. test.Select(mass.Of)], byShape = [.. test.Select(j => Substructure.Score(j, 0.8))];
        double massAuc = new Roc(byMass, labels).Auc, shapeAuc = new Roc(byShape, labels).Auc;
        Assert.That(massAuc, Is.InRange(0.88, 0.96));
        Assert.That(shapeAuc, Is.InRange(0.8, 0.92));
        Assert.That(new Roc([.. byMass.Zip(byShape, (m, s) => m + 6 * s)], labels).Auc, Is.GreaterThan(massAuc + 0.005));
    }

    [Test]
    public void WhatCannotBeSaysSo()
    {
        Assert.That(() => new MassScore(s_jets.Value.Where(j => j.IsTop)),
            Throws.TypeOf<GpuRnnException>().With.Message.Contain("0 others"));
        SimulationOptions never = new() { MostEta = 0 };
        Assert.That(() => new JetSimulation(never, 1).Simulate(0), Throws.TypeOf<GpuRnnException>().With.Message.Contain("no jet"));
        Assert.That(() => new Jet([], true), Throws.TypeOf<GpuRnnException>().With.Message.Contain("no constituents"));
    }
}

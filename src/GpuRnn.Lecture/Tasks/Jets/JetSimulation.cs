using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Simulated jets: those of quarks and gluons at even numbers, those of tops at odd ones. A jet follows from the seed and its number
/// alone, whatever else is simulated and on however many threads.
/// </summary>
/// <remarks>
/// A stand-in for samples of full event generators, with their main features: see <see cref="PartonShower"/>, <see cref="TopDecay"/>,
/// <see cref="SimulatedEvent"/> and <see cref="Detector"/> for what each step leaves out. Results on it are not results on data.
/// </remarks>
sealed class JetSimulation : IJetSource
{
    const int Block = 256, MostTries = 2000;

    readonly SimulationOptions options;
    readonly SimulatedEvent source;
    readonly Detector detector;
    readonly ulong start;
    readonly long first;
    readonly int count;

    /// <param name="options">What to simulate.</param>
    /// <param name="count">How many jets <see cref="Read"/> gives.</param>
    /// <param name="first">The number of the first of them; even.</param>
    public JetSimulation(SimulationOptions options, int count, long first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (this.options, this.count, this.first) = (options, count, first);
        (source, detector) = (new(options), new(options.Detector));
        // near seeds are far apart from here on
        start = new SplitMix(unchecked((ulong)options.Seed)).Next();
    }

    public string Name => "simulated jets";

    /// <summary>In blocks, each on all cores.</summary>
    public IEnumerable<Jet> Read()
    {
        for (int at = 0; at < count; at += Block)
        {
            Jet[] block = new Jet[Math.Min(Block, count - at)];
            int before = at;
            Parallel.For(0, block.Length, i => block[i] = Simulate(first + before + i));
            foreach (Jet jet in block) yield return jet;
        }
    }

    /// <summary>The jet of a number. Safe to call from several threads at once.</summary>
    /// <exception cref="GpuRnnException">The options hardly ever give a jet that is taken.</exception>
    public Jet Simulate(long number)
    {
        SplitMix random = new(new SplitMix(unchecked(start + (ulong)number)).Next());
        bool isTop = (number & 1) == 1;
        List<FourVector> particles = [];
        for (int tries = 0; tries < MostTries; tries++)
        {
            particles.Clear();
            FourVector[] partons = source.Draw(isTop, random, particles);
            if (Find(partons, detector.See(particles, random)) is { } constituents) return new(constituents, isTop);
        }
        throw new GpuRnnException(
            $"{MostTries} simulated events gave no jet with pT from {options.LeastPt} to {options.MostPt} GeV "
            + $"and |eta| below {options.MostEta}; expected options that allow it.");
    }

    /// <summary>The constituents of the hardest jet; null unless it lies where jets are wanted and holds the partons.</summary>
    List<FourVector>? Find(FourVector[] partons, List<FourVector> seen)
    {
        if (seen.Count == 0) return null;
        Cluster jet = Clustering.AntiKt(seen, options.Radius)[0];
        double pt = jet.Momentum.Pt;
        if (pt < options.LeastPt || pt > options.MostPt || Math.Abs(jet.Momentum.Eta) > options.MostEta) return null;
        if (partons.Any(p => FourVector.DeltaR2(p, jet.Momentum) > options.Radius * options.Radius)) return null;
        return [.. jet.Members.Select(i => seen[i])];
    }
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>A jet: what a detector saw of it, and what it was.</summary>
sealed class Jet
{
    /// <summary>As many constituents as the reference files keep: the hardest ones.</summary>
    public const int MostConstituents = 200;

    /// <summary>A jet of constituents in any order; the softest ones beyond <see cref="MostConstituents"/> are dropped.</summary>
    /// <param name="constituents">At least one; GeV.</param>
    /// <param name="isTop">True for a top quark's jet, false for a quark's or gluon's (QCD).</param>
    public Jet(IReadOnlyCollection<FourVector> constituents, bool isTop)
    {
        if (constituents.Count == 0) throw new GpuRnnException("A jet has no constituents; expected at least one.");
        // a stable order: equal pT stay as they came, on every platform
        Constituents = [.. constituents.OrderByDescending(c => c.Pt2).Take(MostConstituents)];
        IsTop = isTop;
        Momentum = FourVector.Sum(Constituents);
    }

    /// <summary>Constituents, hardest (highest transverse momentum) first.</summary>
    public IReadOnlyList<FourVector> Constituents { get; }

    public bool IsTop { get; }

    /// <summary>The sum of the constituents: its mass is the jet's mass.</summary>
    public FourVector Momentum { get; }
}

/// <summary>Where jets come from: a simulation, or a file.</summary>
interface IJetSource
{
    /// <summary>What to call it in reports.</summary>
    string Name { get; }

    /// <summary>The jets, one after another and never all in memory; each call starts over.</summary>
    /// <exception cref="GpuRnnException">A file does not hold what it should; raised on the jet that shows it.</exception>
    IEnumerable<Jet> Read();
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// What shapes the parton shower. The defaults were chosen by hand, for multiplicities and masses like those of public samples.
/// </summary>
sealed record ShowerOptions
{
    /// <summary>The strong coupling at the Z mass, 91.19 GeV; larger than the measured 0.118, as showers of leading order use it.</summary>
    public double CouplingAtZ { get; init; } = 0.13;

    /// <summary>GeV: no splitting has a smaller transverse momentum; <see cref="Fragmentation"/> takes over then.</summary>
    public double CutOff { get; init; } = 0.7;

    /// <summary>GeV: the coupling is constant below, where no theory of it holds.</summary>
    public double FreezingScale { get; init; } = 1;

    /// <summary>Kinds of light quarks that a gluon may become.</summary>
    public int Flavours { get; init; } = 5;

    /// <summary>GeV: a parton breaks no more when its energy times the angle of the shower's last splitting is less.</summary>
    public double LeastScale { get; init; } = 0.4;

    /// <summary>GeV: the mean transverse momentum of particles to the parton that they break off.</summary>
    public double FragmentPt { get; init; } = 0.35;

    /// <summary>GeV: the mass of every particle, a charged pion's.</summary>
    public double ParticleMass { get; init; } = 0.13957;
}

/// <summary>A quark (of either sign) or a gluon.</summary>
enum Parton
{
    Quark,
    Gluon,
}

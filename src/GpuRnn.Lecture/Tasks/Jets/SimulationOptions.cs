namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>What jets are simulated.</summary>
sealed record SimulationOptions
{
    /// <summary>Which jets: every seed has its own.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>GeV: the jets' transverse momentum, as in the reference files (arXiv 1902.09914, section 2).</summary>
    public double LeastPt { get; init; } = 550;

    public double MostPt { get; init; } = 650;

    /// <summary>The largest pseudorapidity of a jet, either way.</summary>
    public double MostEta { get; init; } = 2;

    /// <summary>R of anti-kT, and how far from its axis a top's three quarks may lie.</summary>
    public double Radius { get; init; } = 0.8;

    /// <summary>The share of gluons among QCD jets.</summary>
    public double GluonShare { get; init; } = 0.5;

    /// <summary>Spectra of pT fall as this power of it.</summary>
    public double SpectrumPower { get; init; } = 5;

    /// <summary>Radians: the widest splitting of a QCD jet's parton.</summary>
    public double LargestAngle { get; init; } = 1;

    /// <summary>Mean number of soft particles in each unit of eta times phi, and their mean pT in GeV.</summary>
    public double SoftDensity { get; init; } = 3;

    public double SoftPt { get; init; } = 0.8;

    /// <summary>
    /// Mean number of gluons that the incoming partons radiate in each unit of rapidity and of ln pT^2: alpha_s C_A / pi with
    /// alpha_s = 0.3, which is high: it stands for radiation of the top before it decays, too.
    /// </summary>
    public double IncomingRadiation { get; init; } = 0.29;

    public ShowerOptions Shower { get; init; } = new();

    public DetectorOptions Detector { get; init; } = new();
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>A stand-in for a detector; see <see cref="Detector"/>. The defaults are of the size of those of LHC experiments.</summary>
sealed record DetectorOptions
{
    /// <summary>The share of charged particles.</summary>
    public double ChargedShare { get; init; } = 0.62;

    /// <summary>The share of charged particles whose track is found; the others are seen by the calorimeter alone.</summary>
    public double TrackEfficiency { get; init; } = 0.95;

    /// <summary>Tracks: relative resolution of pT, and how it grows with every GeV of pT.</summary>
    public double TrackResolution { get; init; } = 0.01;

    public double TrackResolutionGrowth { get; init; } = 2e-4;

    /// <summary>Side of a calorimeter cell, in eta and in phi (radians; an angle that whole cells fill nearly).</summary>
    public double Cell { get; init; } = 0.05;

    /// <summary>Calorimeter: sigma(E) / E is this over the root of E in GeV, plus (in quadrature) the constant.</summary>
    public double StochasticTerm { get; init; } = 0.6;

    public double ConstantTerm { get; init; } = 0.04;

    /// <summary>GeV: tracks and cells with less pT are not seen.</summary>
    public double TrackThreshold { get; init; } = 0.5;

    public double CellThreshold { get; init; } = 0.8;
}

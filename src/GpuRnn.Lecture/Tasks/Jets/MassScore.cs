namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// The classical tagger by mass alone: the ratio of the two classes' densities at a jet's mass, from histograms of jets to train on. No
/// other function of the mass alone does better, but for the histograms' noise (Neyman and Pearson 1933).
/// </summary>
sealed class MassScore
{
    const double BinWidth = 5, MostMass = 400;
    const int Bins = (int)(MostMass / BinWidth);

    readonly double[] scores = new double[Bins];

    /// <param name="training">Jets of both classes; not those that are scored later.</param>
    /// <exception cref="GpuRnnException">There is one class only.</exception>
    public MassScore(IEnumerable<Jet> training)
    {
        double[] tops = new double[Bins], others = new double[Bins];
        foreach (Jet jet in training) (jet.IsTop ? tops : others)[Bin(jet)]++;
        double allTops = tops.Sum(), allOthers = others.Sum();
        if (allTops == 0 || allOthers == 0)
            throw new GpuRnnException(
                $"A tagger by mass has {allTops} top jets and {allOthers} others to train on; expected some of each.");
        // half a jet in each bin: an empty one is no proof
        for (int i = 0; i < Bins; i++)
            scores[i] = Math.Log((tops[i] + 0.5) / (allTops + 0.5 * Bins) * (allOthers + 0.5 * Bins) / (others[i] + 0.5));
    }

    /// <summary>The logarithm of the ratio; larger for jets more like a top's. Masses of a bin, 5 GeV wide, score alike.</summary>
    public double Of(Jet jet) => scores[Bin(jet)];

    static int Bin(Jet jet) => Math.Min(Bins - 1, (int)(jet.Momentum.Mass / BinWidth));
}

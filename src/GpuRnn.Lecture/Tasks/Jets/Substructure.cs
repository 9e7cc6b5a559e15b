namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// How well a jet is described by N axes: tau_N = sum_i pT_i min_k DeltaR(i, axis k) / sum_i pT_i R (Thaler and Van Tilburg 2011,
/// arXiv 1011.2268, equation 2.1; beta = 1), without a unit. A jet of three prongs has a small tau_3 / tau_2.
/// </summary>
/// <remarks>Axes are those of exclusive kT jets of the constituents, as in the paper; they are not moved on to the minimum.</remarks>
static class Substructure
{
    const int MostAxes = 3;

    /// <summary>tau_1, tau_2 and tau_3; 0 where there are as few constituents as axes.</summary>
    /// <param name="constituents">At least one, with a transverse momentum.</param>
    /// <param name="radius">R, the jet's radius.</param>
    public static double[] Taus(IReadOnlyList<FourVector> constituents, double radius)
    {
        FourVector[][] axes = Clustering.ExclusiveKt(constituents, MostAxes);
        return [.. axes.Select(a => Tau(constituents, a, radius))];
    }

    /// <summary>tau_3 / tau_2; 1, as of a jet without three prongs, where tau_2 is 0.</summary>
    public static double Tau32(Jet jet, double radius)
    {
        double[] taus = Taus(jet.Constituents, radius);
        return taus[1] > 0 ? taus[2] / taus[1] : 1;
    }

    /// <summary>A score that is larger for jets more like a top's: minus tau_3 / tau_2.</summary>
    public static double Score(Jet jet, double radius) => -Tau32(jet, radius);

    static double Tau(IReadOnlyList<FourVector> constituents, FourVector[] axes, double radius)
    {
        // an axis may be a constituent itself: then it is at no distance, and not at a distance of rounding
        (double Y, double Phi)[] places = [.. axes.Select(a => (a.Rapidity, a.Phi))];
        double sum = 0, all = 0;
        foreach (FourVector c in constituents)
        {
            double y = c.Rapidity, phi = c.Phi, nearest = double.PositiveInfinity, pt = c.Pt;
            foreach ((double axisY, double axisPhi) in places)
            {
                double across = FourVector.DeltaPhi(phi, axisPhi);
                nearest = Math.Min(nearest, (y - axisY) * (y - axisY) + across * across);
            }
            sum += pt * Math.Sqrt(nearest);
            all += pt;
        }
        return sum / (all * radius);
    }
}

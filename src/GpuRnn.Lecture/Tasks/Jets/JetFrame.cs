namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>A constituent as seen from its jet: where it lies in the plane of eta and phi, and its share of the jet's pT.</summary>
readonly record struct PlacedConstituent(double X, double Y, double PtShare);

/// <summary>
/// A jet moved to where all jets look alike: the pT-weighted mean of eta and phi at the origin, the axis along which the constituents
/// spread most (the principal one of their pT-weighted second moments) upright, more pT on the right than on the left, and above than
/// below.
/// </summary>
/// <remarks>
/// As for the images of arXiv 1902.09914, section 3.1, after Macaluso and Shih 2018; there the brightest pixel, and not the half with more
/// pT, says how to flip. Eta is the pseudorapidity, of which jets are boosted along the beam without a change.
/// </remarks>
static class JetFrame
{
    /// <summary>All constituents, in the jet's order.</summary>
    public static PlacedConstituent[] Place(Jet jet)
    {
        IReadOnlyList<FourVector> constituents = jet.Constituents;
        double all = constituents.Sum(c => c.Pt), around = constituents[0].Phi;
        PlacedConstituent[] placed =
            [.. constituents.Select(c => new PlacedConstituent(c.Eta, FourVector.DeltaPhi(c.Phi, around), c.Pt / all))];
        double x = placed.Sum(p => p.PtShare * p.X), y = placed.Sum(p => p.PtShare * p.Y);
        Change(placed, p => p with { X = p.X - x, Y = p.Y - y });

        double xx = placed.Sum(p => p.PtShare * p.X * p.X), yy = placed.Sum(p => p.PtShare * p.Y * p.Y),
            xy = placed.Sum(p => p.PtShare * p.X * p.Y);
        // the principal axis' angle to the x axis, turned to a right one
        double turn = Math.PI / 2 - Math.Atan2(2 * xy, xx - yy) / 2, cos = Math.Cos(turn), sin = Math.Sin(turn);
        Change(placed, p => p with { X = cos * p.X - sin * p.Y, Y = sin * p.X + cos * p.Y });

        double right = placed.Sum(p => p.PtShare * Math.Sign(p.X)), above = placed.Sum(p => p.PtShare * Math.Sign(p.Y));
        Change(placed, p => p with { X = right < 0 ? -p.X : p.X, Y = above < 0 ? -p.Y : p.Y });
        return placed;
    }

    static void Change(PlacedConstituent[] placed, Func<PlacedConstituent, PlacedConstituent> change)
    {
        for (int i = 0; i < placed.Length; i++) placed[i] = change(placed[i]);
    }
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>A jet that clustering found.</summary>
/// <param name="Momentum">The sum of its particles (E-scheme).</param>
/// <param name="Members">Which particles, as positions in the list that was clustered.</param>
readonly record struct Cluster(FourVector Momentum, IReadOnlyList<int> Members);

/// <summary>
/// Sequential recombination: the closest pair by d_ij = min(f_i, f_j) DeltaR_ij^2 / R^2 is summed, over and over, with f = pT^-2 for
/// anti-kT (Cacciari, Salam and Soyez 2008, arXiv 0802.1189, section 2) and f = pT^2 for kT; DeltaR is of rapidity and phi.
/// </summary>
/// <remarks>
/// In N^2 steps, as the same authors (Cacciari and Salam 2006, hep-ph/0512210) showed for all such measures: the pair with the smallest d
/// holds a particle and its nearest neighbour in DeltaR, so that each particle only ever keeps track of that one.
/// </remarks>
sealed class Clustering
{
    const int Beam = -1;

    readonly bool inverse;
    readonly double reach2;
    readonly FourVector[] momenta;
    readonly List<int>[] members;
    readonly double[] rapidities, phis, factors, nearestDistances, measures;
    readonly int[] nearest;
    int count;

    Clustering(IReadOnlyList<FourVector> particles, bool inverse, double reach)
    {
        (this.inverse, reach2, count) = (inverse, reach * reach, particles.Count);
        (momenta, members, nearest) = ([.. particles], new List<int>[count], new int[count]);
        (rapidities, phis, factors) = (new double[count], new double[count], new double[count]);
        (nearestDistances, measures) = (new double[count], new double[count]);
        for (int i = 0; i < count; i++)
        {
            members[i] = [i];
            Place(i);
        }
        for (int i = 0; i < count; i++) FindNearest(i);
    }

    /// <summary>All anti-kT jets, hardest first.</summary>
    /// <param name="particles">Particles with a transverse momentum, GeV.</param>
    /// <param name="radius">R: how far a hard jet reaches.</param>
    public static List<Cluster> AntiKt(IReadOnlyList<FourVector> particles, double radius)
    {
        Clustering work = new(particles, inverse: true, radius);
        List<Cluster> jets = [];
        while (work.count > 0)
        {
            int i = work.Smallest();
            if (work.nearest[i] != Beam) work.Merge(i, work.nearest[i]);
            else
            {
                jets.Add(new(work.momenta[i], work.members[i]));
                work.Remove(i);
            }
        }
        jets.Sort((a, b) => b.Momentum.Pt2.CompareTo(a.Momentum.Pt2));
        return jets;
    }

    /// <summary>
    /// Exclusive kT without a beam: the closest pairs by min(pT_i^2, pT_j^2) DeltaR_ij^2 are summed until so many are left. The jets at
    /// each number from <paramref name="most"/> down to 1; fewer where there are fewer particles.
    /// </summary>
    /// <returns>At [n - 1] the momenta of n jets.</returns>
    public static FourVector[][] ExclusiveKt(IReadOnlyList<FourVector> particles, int most)
    {
        Clustering work = new(particles, inverse: false, double.PositiveInfinity);
        FourVector[][] jets = new FourVector[most][];
        for (int n = most; n > work.count; n--) jets[n - 1] = [.. particles];
        while (work.count > 0)
        {
            if (work.count <= most) jets[work.count - 1] = work.momenta[..work.count];
            if (work.count == 1) break;
            int i = work.Smallest();
            work.Merge(i, work.nearest[i]);
        }
        return jets;
    }

    void Place(int i)
    {
        FourVector p = momenta[i];
        double pt2 = Math.Max(p.Pt2, 1e-100);
        (rapidities[i], phis[i], factors[i]) = (p.Rapidity, p.Phi, inverse ? 1 / pt2 : pt2);
    }

    double Distance(int i, int j)
    {
        double y = rapidities[i] - rapidities[j], phi = Math.Abs(phis[i] - phis[j]);
        if (phi > Math.PI) phi = 2 * Math.PI - phi;
        return y * y + phi * phi;
    }

    void FindNearest(int i)
    {
        int best = Beam;
        double distance = reach2;
        for (int j = 0; j < count; j++)
        {
            double d = j == i ? double.PositiveInfinity : Distance(i, j);
            if (d < distance) (best, distance) = (j, d);
        }
        SetNearest(i, best, distance);
    }

    void SetNearest(int i, int j, double distance)
    {
        (nearest[i], nearestDistances[i]) = (j, distance);
        // all measures are R^2 times those of the paper: the order is the same, and R may be infinite
        measures[i] = (j == Beam ? factors[i] : Math.Min(factors[i], factors[j])) * distance;
    }

    int Smallest()
    {
        int best = 0;
        for (int i = 1; i < count; i++)
            if (measures[i] < measures[best]) best = i;
        return best;
    }

    /// <summary>Sums two into one.</summary>
    void Merge(int i, int j)
    {
        if (j < i) (i, j) = (j, i);
        momenta[i] += momenta[j];
        members[i].AddRange(members[j]);
        Place(i);
        nearest[i] = Beam;
        Remove(j, i);
        FindNearest(i);
        for (int k = 0; k < count; k++)
        {
            if (k == i || Distance(k, i) is var d && d >= nearestDistances[k]) continue;
            SetNearest(k, i, d);
        }
    }

    /// <summary>
    /// Takes one out; the last takes its place. Whoever was near it, or near <paramref name="changed"/>, looks around anew.
    /// </summary>
    void Remove(int gone, int changed = Beam)
    {
        int last = --count;
        if (gone != last)
        {
            (momenta[gone], members[gone], nearest[gone]) = (momenta[last], members[last], nearest[last]);
            (rapidities[gone], phis[gone], factors[gone]) = (rapidities[last], phis[last], factors[last]);
            (nearestDistances[gone], measures[gone]) = (nearestDistances[last], measures[last]);
        }
        for (int k = 0; k < count; k++)
        {
            int near = nearest[k];
            if (near == Beam) continue;
            if (near == gone || near == changed) FindNearest(k);
            else if (near == last) nearest[k] = gone;
        }
    }
}

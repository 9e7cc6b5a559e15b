using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A stand-in for hadronisation: particles break off a parton, one after another, until little is left. Each takes a share z of the
/// energy, of density 2 (1 - z), and a small transverse momentum, as in independent fragmentation (Field and Feynman 1978).
/// </summary>
/// <remarks>
/// Each break is a splitting of the shower's tree, so that energy and momentum are conserved, and its angle is no wider than the last
/// one of the shower; how far it goes depends on energy times that angle, which a boost hardly changes. All particles have one mass;
/// there are no strings between partons, no resonances and their decays, no flavours.
/// </remarks>
sealed class Fragmentation(ShowerOptions options)
{
    /// <summary>The tree of a parton's particles.</summary>
    /// <param name="energy">GeV.</param>
    /// <param name="largestAngle">Radians.</param>
    /// <param name="random">Its numbers.</param>
    public ShowerNode Break(double energy, double largestAngle, SplitMix random)
    {
        ShowerNode root = new(energy), rest = root;
        // and never where two pieces could hardly carry their masses
        while (energy * largestAngle > options.LeastScale && energy > 6 * options.ParticleMass)
        {
            double share = 1 - Math.Sqrt(1 - random.Uniform()), kt = options.FragmentPt * random.Exponential();
            if (Math.Min(share, 1 - share) * energy < 2 * options.ParticleMass) continue;
            rest.Angle = Math.Min(largestAngle, kt / (share * (1 - share) * energy));
            rest.First = new(share * energy);
            rest.Second = new((1 - share) * energy);
            rest = rest.Second;
            energy *= 1 - share;
        }
        return root;
    }
}

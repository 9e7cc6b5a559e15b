using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A parton turned into many: splittings with probability alpha_s(kT) / (2 pi) P(z) dz dtheta^2 / theta^2, ordered from large angles to
/// small ones, which accounts for the coherence of soft gluons (Ellis, Stirling and Webber, "QCD and Collider Physics", 1996, chapter 5).
/// </summary>
/// <remarks>
/// <para>
/// Drawn by the veto algorithm (Sjostrand, Mrenna and Skands 2006, hep-ph/0603175, section 4.2): angles of a simple, larger density, of
/// which the excess is refused. P(z), with z the first child's share of the energy: C_F (1 + z^2) / (1 - z) for a quark,
/// C_A (z / (1 - z) + (1 - z) / z + z (1 - z)) for a gluon to gluons, n_f T_R (z^2 + (1 - z)^2) for a gluon to quarks; C_F = 4/3, C_A = 3,
/// T_R = 1/2. The coupling runs at one loop with kT = z (1 - z) E theta, is constant below 1 GeV, and no splitting
/// has a kT below the cut-off.
/// </para>
/// <para>
/// What it leaves out: masses of heavy quarks, and spins (azimuths are all alike). Partons at the cut-off become particles by
/// <see cref="Fragmentation"/>.
/// </para>
/// </remarks>
sealed class PartonShower(ShowerOptions options)
{
    const double ColourOfQuark = 4.0 / 3, ColourOfGluon = 3, QuarkPairs = 0.5, ZMass = 91.19;

    readonly Fragmentation fragmentation = new(options);
    readonly StrongCoupling coupling = new(options.CouplingAtZ, ZMass, options.Flavours, options.FreezingScale);

    /// <summary>Showers one parton.</summary>
    /// <param name="parton">Its kind.</param>
    /// <param name="energy">GeV.</param>
    /// <param name="direction">Where it goes: a vector of length 1.</param>
    /// <param name="largestAngle">Radians: no splitting is wider.</param>
    /// <param name="random">Its numbers.</param>
    /// <param name="particles">Gets the particles. Their energies add up to that of the parton, and their momenta to its direction.</param>
    public void Run(Parton parton, double energy, (double X, double Y, double Z) direction, double largestAngle, SplitMix random,
        List<FourVector> particles)
    {
        ShowerNode root = Grow(parton, energy, largestAngle, random);
        root.Settle(options.ParticleMass);
        root.Emit(direction, random, particles);
    }

    ShowerNode Grow(Parton parton, double energy, double angle, SplitMix random)
    {
        if (Next(parton, energy, angle, random) is not { } split) return fragmentation.Break(energy, angle, random);
        ShowerNode node = new(energy);
        node.Angle = split.Angle;
        node.First = Grow(split.First, split.Share * energy, split.Angle, random);
        node.Second = Grow(split.Second, (1 - split.Share) * energy, split.Angle, random);
        return node;
    }

    readonly record struct Split(double Angle, double Share, Parton First, Parton Second);

    /// <summary>The next splitting below an angle; null when none has enough transverse momentum.</summary>
    Split? Next(Parton parton, double energy, double angle, SplitMix random)
    {
        // z (1 - z) is at most 1/4
        double smallest = 4 * options.CutOff / energy;
        if (angle <= smallest) return null;
        double edge = options.CutOff / (energy * angle), logEdge = Math.Log(1 / edge), most = coupling.Most / (2 * Math.PI);
        double soft = parton == Parton.Quark ? 2 * ColourOfQuark * logEdge : 2 * ColourOfGluon * logEdge;
        double pairs = parton == Parton.Quark ? 0 : options.Flavours * QuarkPairs;
        double rate = most * (soft + pairs);
        for (double log = 2 * Math.Log(angle / smallest); (log -= random.Exponential() / rate) > 0;)
        {
            double theta = smallest * Math.Exp(log / 2);
            bool toQuarks = random.Uniform() * (soft + pairs) < pairs;
            // the soft one's share falls as 1 / share, from the edge on
            double z = toQuarks ? random.Uniform() : 1 - Math.Exp(-logEdge * random.Uniform());
            double kt = z * (1 - z) * energy * theta;
            if (kt < options.CutOff) continue;
            double share = toQuarks ? z * z + (1 - z) * (1 - z)
                : parton == Parton.Quark ? (1 + z * z) / 2
                // a gluon's P(z) folded to its end z = 1, as its two gluons are alike: 2 C_A (z / (1 - z) + z (1 - z) / 2)
                : z * (1 + (1 - z) * (1 - z) / 2);
            if (random.Uniform() * coupling.Most > coupling.At(kt) * share) continue;
            return toQuarks ? new(theta, z, Parton.Quark, Parton.Quark) : new(theta, z, parton, Parton.Gluon);
        }
        return null;
    }
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>Energy and momentum, in GeV with the speed of light as 1. The beam is the z axis.</summary>
/// <param name="E">Energy.</param>
/// <param name="Px">Momentum along x.</param>
/// <param name="Py">Momentum along y.</param>
/// <param name="Pz">Momentum along the beam.</param>
readonly record struct FourVector(double E, double Px, double Py, double Pz)
{
    /// <summary>The transverse momentum squared, in GeV squared.</summary>
    public double Pt2 => Px * Px + Py * Py;

    /// <summary>The transverse momentum: the one across the beam.</summary>
    public double Pt => Math.Sqrt(Pt2);

    /// <summary>The size of the momentum.</summary>
    public double Momentum => Math.Sqrt(Pt2 + Pz * Pz);

    /// <summary>The invariant mass squared, in GeV squared; rounding may make it a little negative.</summary>
    public double Mass2 => (E + Pz) * (E - Pz) - Pt2;

    /// <summary>The invariant mass; 0 where rounding makes its square negative.</summary>
    public double Mass => Math.Sqrt(Math.Max(0, Mass2));

    /// <summary>The angle around the beam, from -pi to pi.</summary>
    public double Phi => Math.Atan2(Py, Px);

    /// <summary>The rapidity 1/2 ln((E + pz) / (E - pz)); for no mass it is <see cref="Eta"/>.</summary>
    public double Rapidity
    {
        get
        {
            // E - |pz| as mT^2 / (E + |pz|): the difference itself would lose its digits close to the beam.
            double size = 0.5 * Math.Log((E + Math.Abs(Pz)) * (E + Math.Abs(Pz)) / Math.Max(Pt2 + Math.Max(0, Mass2), 1e-300));
            return Pz < 0 ? -size : size;
        }
    }

    /// <summary>The pseudorapidity -ln tan(theta / 2), with theta the angle to the beam.</summary>
    public double Eta => Math.Asinh(Pz / Math.Max(Pt, 1e-150));

    public static FourVector operator +(FourVector a, FourVector b) => new(a.E + b.E, a.Px + b.Px, a.Py + b.Py, a.Pz + b.Pz);

    /// <summary>From transverse momentum, rapidity, angle around the beam and mass.</summary>
    public static FourVector FromRapidity(double pt, double rapidity, double phi, double mass)
    {
        double transverseMass = Math.Sqrt(pt * pt + mass * mass);
        return new(transverseMass * Math.Cosh(rapidity), pt * Math.Cos(phi), pt * Math.Sin(phi), transverseMass * Math.Sinh(rapidity));
    }

    /// <summary>
    /// This vector, given in the rest frame of <paramref name="frame"/>, as seen from where that frame moves.
    /// </summary>
    public FourVector BoostedFrom(FourVector frame)
    {
        double mass = frame.Mass, along = frame.Px * Px + frame.Py * Py + frame.Pz * Pz;
        double energy = (frame.E * E + along) / mass, share = (E + energy) / (frame.E + mass);
        return new(energy, Px + share * frame.Px, Py + share * frame.Py, Pz + share * frame.Pz);
    }

    /// <summary>The sum of vectors.</summary>
    public static FourVector Sum(IEnumerable<FourVector> vectors) => vectors.Aggregate(default(FourVector), (sum, next) => sum + next);

    /// <summary>The difference of two angles, from -pi to pi.</summary>
    public static double DeltaPhi(double a, double b)
    {
        double delta = a - b;
        if (delta is <= Math.PI and >= -Math.PI) return delta;
        delta = Math.IEEERemainder(delta, 2 * Math.PI);
        return delta;
    }

    /// <summary>The distance of two directions, squared: of rapidities and of angles around the beam.</summary>
    public static double DeltaR2(FourVector a, FourVector b)
    {
        double y = a.Rapidity - b.Rapidity, phi = DeltaPhi(a.Phi, b.Phi);
        return y * y + phi * phi;
    }
}

using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A top quark to b and W, the W to two quarks: each pair in all directions alike in the rest frame of what decays (its spin is left out),
/// each quark showered in that rest frame.
/// </summary>
/// <remarks>
/// Masses are of the Breit-Wigner distribution. A shower makes a quark heavier: its products are boosted along its direction so that the
/// pair has the mother's mass and no momentum, which conserves energy and momentum exactly; a pair too heavy for its mother is showered
/// again. The top itself, before its decay, radiates nothing. The b is as light as the others.
/// </remarks>
sealed class TopDecay(PartonShower shower)
{
    const double TopMass = 173, TopWidth = 1.4, BosonMass = 80.4, BosonWidth = 2.1, Reach = 8;

    // at rest two partons are back to back: half a turn between them, shared
    const double LargestAngle = Math.PI / 2;

    /// <summary>A mass for a top, GeV.</summary>
    public static double DrawMass(SplitMix random) => random.BreitWigner(TopMass, TopWidth, Reach);

    /// <summary>Decays one.</summary>
    /// <param name="top">Its energy and momentum.</param>
    /// <param name="random">Its numbers.</param>
    /// <param name="particles">Gets the particles; they add up to the top.</param>
    /// <returns>The three quarks, each the sum of its particles.</returns>
    public FourVector[] Run(FourVector top, SplitMix random, List<FourVector> particles)
    {
        double mass = top.Mass, bosonMass = random.BreitWigner(BosonMass, BosonWidth, Reach);
        while (true)
        {
            (double X, double Y, double Z) along = random.Direction();
            QuarkJet bottom = new(shower, (mass * mass - bosonMass * bosonMass) / (2 * mass), along, random);
            if (bottom.Mass + bosonMass >= mass) continue;
            double momentum = TwoBodyMomentum(mass, bottom.Mass, bosonMass);
            FourVector boson =
                new(Math.Sqrt(momentum * momentum + bosonMass * bosonMass), -momentum * along.X, -momentum * along.Y, -momentum * along.Z);
            FourVector b = bottom.Give(momentum, top, particles);
            (FourVector first, FourVector second) = DecayBoson(boson.BoostedFrom(top), random, particles);
            return [b, first, second];
        }
    }

    (FourVector First, FourVector Second) DecayBoson(FourVector boson, SplitMix random, List<FourVector> particles)
    {
        double mass = boson.Mass;
        while (true)
        {
            (double X, double Y, double Z) along = random.Direction();
            QuarkJet first = new(shower, mass / 2, along, random), second = new(shower, mass / 2, (-along.X, -along.Y, -along.Z), random);
            if (first.Mass + second.Mass >= mass) continue;
            double momentum = TwoBodyMomentum(mass, first.Mass, second.Mass);
            return (first.Give(momentum, boson, particles), second.Give(momentum, boson, particles));
        }
    }

    /// <summary>
    /// The momentum of either of two bodies that a mass at rest decays to: the triangle function's root over twice the mass.
    /// </summary>
    static double TwoBodyMomentum(double mass, double a, double b) =>
        Math.Sqrt((mass - a - b) * (mass + a + b) * (mass - a + b) * (mass + a - b)) / (2 * mass);

    /// <summary>A showered quark, in the rest frame of its mother.</summary>
    sealed class QuarkJet
    {
        readonly List<FourVector> particles = [];
        readonly (double X, double Y, double Z) along;
        readonly double momentum;

        public QuarkJet(PartonShower shower, double energy, (double X, double Y, double Z) along, SplitMix random)
        {
            this.along = along;
            shower.Run(Parton.Quark, energy, along, LargestAngle, random, particles);
            FourVector sum = FourVector.Sum(particles);
            (momentum, Mass) = (sum.Momentum, sum.Mass);
        }

        public double Mass { get; }

        /// <summary>
        /// Gives the particles, moved so that together they have a momentum, as seen from where the mother moves. Returns their sum.
        /// </summary>
        public FourVector Give(double wanted, FourVector mother, List<FourVector> all)
        {
            double rapidity = Math.Asinh(wanted / Mass) - Math.Asinh(momentum / Mass), cosh = Math.Cosh(rapidity),
                sinh = Math.Sinh(rapidity);
            FourVector sum = default;
            foreach (FourVector p in particles)
            {
                double ahead = p.Px * along.X + p.Py * along.Y + p.Pz * along.Z, more = sinh * p.E + (cosh - 1) * ahead;
                FourVector moved = new(cosh * p.E + sinh * ahead, p.Px + more * along.X, p.Py + more * along.Y, p.Pz + more * along.Z);
                moved = moved.BoostedFrom(mother);
                all.Add(moved);
                sum += moved;
            }
            return sum;
        }
    }
}

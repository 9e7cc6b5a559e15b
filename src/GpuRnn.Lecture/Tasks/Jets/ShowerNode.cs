using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A parton in the tree of a shower: its energy is known from the start; its mass follows from what it became. Energies and momenta are
/// conserved exactly at each splitting.
/// </summary>
sealed class ShowerNode(double energy)
{
    double momentum;

    /// <summary>Radians between its children.</summary>
    public double Angle { get; set; }

    /// <summary>Its children; null for a particle.</summary>
    public ShowerNode? First { get; set; }

    public ShowerNode? Second { get; set; }

    /// <summary>Finds the momenta: of particles from their mass, in GeV, of the others from those of their children.</summary>
    public void Settle(double particleMass)
    {
        if (First is null || Second is null)
        {
            momentum = Math.Sqrt(Math.Max(0, energy * energy - particleMass * particleMass));
            return;
        }
        First.Settle(particleMass);
        Second.Settle(particleMass);
        double a = First.momentum, b = Second.momentum;
        momentum = Math.Sqrt(a * a + b * b + 2 * a * b * Math.Cos(Angle));
    }

    /// <summary>Adds its particles, when it goes along a vector of length 1. The plane of each splitting is drawn.</summary>
    public void Emit((double X, double Y, double Z) direction, SplitMix random, List<FourVector> particles)
    {
        if (First is null || Second is null)
        {
            particles.Add(new(energy, momentum * direction.X, momentum * direction.Y, momentum * direction.Z));
            return;
        }
        // the sides of the triangle of momenta
        double a = First.momentum, b = Second.momentum, across = a * b * Math.Sin(Angle) / momentum;
        double turn = random.Uniform(0, 2 * Math.PI), cos = Math.Cos(turn), sin = Math.Sin(turn);
        (double X, double Y, double Z) u = Perpendicular(direction), v = Cross(direction, u);
        (double X, double Y, double Z) side = (cos * u.X + sin * v.X, cos * u.Y + sin * v.Y, cos * u.Z + sin * v.Z);
        First.Emit(Tilted(direction, (a + b * Math.Cos(Angle)) / momentum, side, across / a), random, particles);
        Second.Emit(Tilted(direction, (b + a * Math.Cos(Angle)) / momentum, side, -across / b), random, particles);
    }

    static (double X, double Y, double Z) Tilted((double X, double Y, double Z) along, double cos, (double X, double Y, double Z) side,
        double sin) =>
        (cos * along.X + sin * side.X, cos * along.Y + sin * side.Y, cos * along.Z + sin * side.Z);

    /// <summary>Some vector of length 1 across another one.</summary>
    static (double X, double Y, double Z) Perpendicular((double X, double Y, double Z) d)
    {
        // away from the axis that it is closest to, whose cross product would be short
        if (Math.Abs(d.Z) < 0.8)
        {
            double across = Math.Sqrt(d.X * d.X + d.Y * d.Y);
            return (-d.Y / across, d.X / across, 0);
        }
        double other = Math.Sqrt(d.Y * d.Y + d.Z * d.Z);
        return (0, -d.Z / other, d.Y / other);
    }

    static (double X, double Y, double Z) Cross((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        (a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);
}

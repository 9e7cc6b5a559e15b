using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// One side of a collision: a quark, a gluon or a top with its shower, and radiation and soft particles all around. The side that balances
/// it is left out, and so is what the incoming partons radiate further away.
/// </summary>
/// <remarks>
/// The parton's pT falls as a power, its rapidity is normal with a standard deviation of 0.9, its phi is uniform. Soft particles stand for
/// the underlying event: a Poisson number of pions, uniform in rapidity and phi within 1.2 of the parton, pT exponential. Gluons of the
/// incoming partons are as uniform, with density 1 / pT from 2 to 100 GeV (the soft limit of QCD), and are showered.
/// </remarks>
sealed class SimulatedEvent
{
    const double SpreadOfRapidity = 0.9, SoftReach = 1.2, LeastRadiatedPt = 2, MostRadiatedPt = 100;

    readonly SimulationOptions options;
    readonly PartonShower shower;

    public SimulatedEvent(SimulationOptions options) => (this.options, shower) = (options, new(options.Shower));

    /// <summary>Draws one.</summary>
    /// <param name="isTop">A top, or a quark or gluon.</param>
    /// <param name="random">Its numbers.</param>
    /// <param name="particles">Gets its particles, soft ones last.</param>
    /// <returns>The partons that a jet has to hold to be theirs: a top's three quarks; else none.</returns>
    public FourVector[] Draw(bool isTop, SplitMix random, List<FourVector> particles)
    {
        // beyond the window of jets: smearing and what falls out of the cone move them in and out
        double pt = random.FallingPower(options.LeastPt * 0.95, options.MostPt * 1.2, options.SpectrumPower);
        double rapidity = SpreadOfRapidity * random.Normal(), phi = random.Uniform(-Math.PI, Math.PI);
        FourVector[] partons = [];
        if (isTop)
        {
            FourVector top = FourVector.FromRapidity(pt, rapidity, phi, TopDecay.DrawMass(random));
            partons = new TopDecay(shower).Run(top, random, particles);
        }
        else Shower(random.Uniform() < options.GluonShare ? Parton.Gluon : Parton.Quark, pt, rapidity, phi, random, particles);
        double logs = Math.Log(MostRadiatedPt / LeastRadiatedPt), shareOfTurn = SoftReach / Math.PI;
        for (int gluons = random.Poisson(options.IncomingRadiation * 2 * logs * 2 * SoftReach * shareOfTurn); gluons > 0; gluons--)
        {
            (double y, double at) = Place(rapidity, phi, random);
            Shower(Parton.Gluon, LeastRadiatedPt * Math.Exp(logs * random.Uniform()), y, at, random, particles);
        }
        for (int soft = random.Poisson(options.SoftDensity * 4 * SoftReach * SoftReach); soft > 0; soft--)
        {
            (double y, double at) = Place(rapidity, phi, random);
            particles.Add(FourVector.FromRapidity(options.SoftPt * random.Exponential(), y, at, options.Shower.ParticleMass));
        }
        return partons;
    }

    static (double Rapidity, double Phi) Place(double rapidity, double phi, SplitMix random) =>
        (rapidity + random.Uniform(-SoftReach, SoftReach), phi + random.Uniform(-SoftReach, SoftReach));

    /// <summary>Showers a parton where it has no momentum along the beam, and boosts the particles along it.</summary>
    void Shower(Parton parton, double pt, double rapidity, double phi, SplitMix random, List<FourVector> particles)
    {
        int start = particles.Count;
        shower.Run(parton, pt, (Math.Cos(phi), Math.Sin(phi), 0), options.LargestAngle, random, particles);
        FourVector moving = FourVector.FromRapidity(0, rapidity, 0, 1);
        for (int i = start; i < particles.Count; i++) particles[i] = particles[i].BoostedFrom(moving);
    }
}

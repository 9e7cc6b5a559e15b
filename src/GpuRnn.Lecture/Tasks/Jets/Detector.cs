using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// What a detector makes of particles: tracks of charged ones, and calorimeter cells in which the others add up. All that it sees has no
/// mass, and energies are smeared by normal distributions.
/// </summary>
/// <remarks>
/// Left out: which particle is charged is drawn, not known; tracks keep their direction exactly and do not bend; no showers across
/// cells; no electrons, muons and neutrinos; the same resolution at all eta. A cell's centre gives its direction.
/// </remarks>
sealed class Detector(DetectorOptions options)
{
    /// <summary>What is seen of particles.</summary>
    public List<FourVector> See(List<FourVector> particles, SplitMix random)
    {
        List<FourVector> seen = new(particles.Count);
        Dictionary<(int Eta, int Phi), int> places = [];
        List<(int Eta, int Phi, double Energy)> cells = [];
        foreach (FourVector p in particles)
        {
            if (random.Uniform() < options.ChargedShare * options.TrackEfficiency) AddTrack(p, random, seen);
            else
            {
                (int Eta, int Phi) at = ((int)Math.Floor(p.Eta / options.Cell), (int)Math.Floor(p.Phi / options.Cell));
                if (places.TryGetValue(at, out int place)) cells[place] = cells[place] with { Energy = cells[place].Energy + p.E };
                else
                {
                    places.Add(at, cells.Count);
                    cells.Add((at.Eta, at.Phi, p.E));
                }
            }
        }
        foreach ((int eta, int phi, double energy) in cells)
        {
            double sigma = Math.Sqrt(options.StochasticTerm * options.StochasticTerm * energy + Math.Pow(options.ConstantTerm * energy, 2));
            double at = (eta + 0.5) * options.Cell, pt = (energy + sigma * random.Normal()) / Math.Cosh(at);
            if (pt > options.CellThreshold) seen.Add(FourVector.FromRapidity(pt, at, (phi + 0.5) * options.Cell, 0));
        }
        return seen;
    }

    void AddTrack(FourVector p, SplitMix random, List<FourVector> seen)
    {
        double pt = p.Pt, grown = options.TrackResolutionGrowth * pt;
        double relative = Math.Sqrt(options.TrackResolution * options.TrackResolution + grown * grown);
        double measured = pt * (1 + relative * random.Normal());
        if (measured > options.TrackThreshold) seen.Add(FourVector.FromRapidity(measured, p.Eta, p.Phi, 0));
    }
}

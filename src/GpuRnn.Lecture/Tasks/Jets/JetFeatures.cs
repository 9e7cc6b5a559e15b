namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Jets as sequences: the hardest constituents, hardest first, with the seven features that ParticleNet takes in
/// arXiv 1902.09914 (section 3.2): delta eta, delta phi, log pT, log E, log pT / pT(jet), log E / E(jet), delta R.
/// </summary>
/// <remarks>
/// Positions are those of <see cref="JetFrame"/>: relative to the jet's pT-weighted centre, rotated and flipped, so that "eta" and "phi"
/// are the picture's axes. Features are shifted and scaled by fixed constants, roughly to mean 0 and deviation 1 on jets of 600 GeV;
/// nothing is fitted to data, so that nothing can leak from one set to another.
/// </remarks>
/// <param name="steps">The most constituents that are taken.</param>
sealed class JetFeatures(int steps = 40)
{
    /// <summary>Features of a constituent.</summary>
    public const int Count = 7;

    /// <summary>Names, in order.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["delta eta", "delta phi", "log pT", "log E", "log pT / pT(jet)", "log E / E(jet)", "delta R"];

    // In the order of the names; energies in GeV, natural logarithms.
    static readonly (double Shift, double Scale)[] s_units = [(0, 6), (0, 4), (1.6, 0.7), (2, 0.7), (-4.8, 0.7), (-4.8, 0.7), (0.25, 5)];

    /// <summary>The most constituents that are taken.</summary>
    public int Steps { get; } = steps;

    /// <summary>Writes a jet's sequence.</summary>
    /// <param name="jet">The jet.</param>
    /// <param name="sequence">Gets [step, feature], all steps; those after the last constituent are zero.</param>
    /// <returns>The number of constituents that were taken.</returns>
    public int Write(Jet jet, Span<float> sequence)
    {
        if (sequence.Length != Steps * Count)
            throw new GpuRnnException($"A jet's sequence got room for {sequence.Length} numbers; expected {Steps} steps of {Count}.");
        sequence.Clear();
        PlacedConstituent[] placed = JetFrame.Place(jet);
        double jetPt = jet.Momentum.Pt, jetEnergy = jet.Momentum.E;
        int taken = Math.Min(Steps, placed.Length);
        Span<double> features = stackalloc double[Count];
        for (int step = 0; step < taken; step++)
        {
            (double x, double y) = (placed[step].X, placed[step].Y);
            double pt = jet.Constituents[step].Pt, energy = jet.Constituents[step].E;
            (features[0], features[1], features[6]) = (x, y, Math.Sqrt(x * x + y * y));
            (features[2], features[3], features[4], features[5]) = (Log(pt), Log(energy), Log(pt / jetPt), Log(energy / jetEnergy));
            for (int i = 0; i < Count; i++) sequence[step * Count + i] = (float)((features[i] - s_units[i].Shift) * s_units[i].Scale);
        }
        return taken;
    }

    /// <summary>Sequences of several jets, [jet, step, feature], and how many constituents each has.</summary>
    public (float[] Sequences, int[] Lengths) Batch(IReadOnlyList<Jet> jets)
    {
        float[] sequences = new float[jets.Count * Steps * Count];
        int[] lengths = new int[jets.Count];
        Parallel.For(0, jets.Count, i => lengths[i] = Write(jets[i], sequences.AsSpan(i * Steps * Count, Steps * Count)));
        return (sequences, lengths);
    }

    // a file may hold a constituent along the beam
    static double Log(double value) => Math.Log(Math.Max(value, 1e-10));
}

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// Jets as pictures: pT in 40 by 40 pixels of the plane of eta and phi, 0.8 to either side of the jet's centre, each jet placed by
/// <see cref="JetFrame"/> and its whole pT being 1.
/// </summary>
/// <remarks>
/// As in arXiv 1902.09914, section 3.1, whose networks differ among themselves in pixels, extent and normalisation; here there is no
/// further standardisation of pixels, and constituents fall into pixels only after they were turned, which smears nothing.
/// </remarks>
static class JetImage
{
    /// <summary>Pixels on a side.</summary>
    public const int Size = 40;

    /// <summary>How far a picture reaches from its centre, in eta and phi.</summary>
    public const double Reach = 0.8;

    /// <summary>A jet's picture, [row from the top, column from the left]; constituents beyond its edges are left out.</summary>
    public static float[,] Of(Jet jet)
    {
        float[,] image = new float[Size, Size];
        foreach (PlacedConstituent p in JetFrame.Place(jet))
        {
            int column = Pixel(p.X), row = Size - 1 - Pixel(p.Y);
            if (row is >= 0 and < Size && column is >= 0 and < Size) image[row, column] += (float)p.PtShare;
        }
        return image;
    }

    /// <summary>The mean picture of a class.</summary>
    /// <param name="jets">Jets; those of the other class are passed over.</param>
    /// <param name="tops">Which class.</param>
    /// <exception cref="GpuRnnException">There are none of it.</exception>
    public static float[,] MeanOf(IEnumerable<Jet> jets, bool tops)
    {
        double[,] sum = new double[Size, Size];
        int count = 0;
        foreach (Jet jet in jets.Where(j => j.IsTop == tops))
        {
            float[,] image = Of(jet);
            count++;
            for (int row = 0; row < Size; row++)
                for (int column = 0; column < Size; column++) sum[row, column] += image[row, column];
        }
        if (count == 0) throw new GpuRnnException($"A mean image has no jets of {(tops ? "tops" : "QCD")}; expected at least one.");
        float[,] mean = new float[Size, Size];
        for (int row = 0; row < Size; row++)
            for (int column = 0; column < Size; column++) mean[row, column] = (float)(sum[row, column] / count);
        return mean;
    }

    static int Pixel(double at) => (int)Math.Clamp(Math.Floor((at + Reach) * (Size / (2 * Reach))), -1, Size);
}

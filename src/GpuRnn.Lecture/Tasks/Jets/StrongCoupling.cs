namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// alpha_s at one loop: 12 pi / ((33 - 2 n_f) ln(kT^2 / Lambda^2)), with Lambda such that it is right at the Z mass, and n_f the same at
/// all scales. It is constant below a scale at which it would soon grow without bound.
/// </summary>
sealed class StrongCoupling
{
    readonly double factor, lambda, freezing;

    /// <param name="atZ">alpha_s at the Z mass.</param>
    /// <param name="zMass">GeV.</param>
    /// <param name="flavours">n_f.</param>
    /// <param name="freezing">GeV: where it becomes constant, well above Lambda.</param>
    public StrongCoupling(double atZ, double zMass, int flavours, double freezing)
    {
        this.freezing = freezing;
        factor = 12 * Math.PI / (33 - 2 * flavours);
        lambda = zMass * Math.Exp(-factor / (2 * atZ));
        if (freezing < 2 * lambda)
            throw new GpuRnnException(
                $"A freezing scale of {freezing} GeV is too low for alpha_s = {atZ} at the Z mass; "
                + $"expected at least {2 * lambda:0.00} GeV.");
        Most = At(freezing);
    }

    /// <summary>The largest value.</summary>
    public double Most { get; }

    /// <summary>The value at a scale in GeV.</summary>
    public double At(double scale) => factor / (2 * Math.Log(Math.Max(scale, freezing) / lambda));
}

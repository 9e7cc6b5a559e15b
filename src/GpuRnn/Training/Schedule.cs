namespace GpuRnn.Training;

/// <summary>
/// The learning rate as a function of the step alone: a run that goes on is the same run. A schedule gives the factor that the base rate
/// is multiplied by.
/// </summary>
/// <param name="Name">Its name, as <see cref="Named"/> reads it.</param>
/// <param name="Factor">From the step (0 is the first) and all steps of the run, the factor.</param>
public sealed record Schedule(string Name, Func<long, long, double> Factor)
{
    /// <summary>Its name, as <see cref="Named"/> reads it.</summary>
    public string Name { get; init => field = Limits.Given(value, nameof(Name)); } = Limits.Given(Name, nameof(Name));

    /// <summary>From the step (0 is the first) and all steps of the run, the factor.</summary>
    public Func<long, long, double> Factor { get; init => field = Limits.Given(value, nameof(Factor)); } =
        Limits.Given(Factor, nameof(Factor));

    /// <summary>The same rate at every step.</summary>
    public static Schedule Constant { get; } = new("constant", (_, _) => 1);

    /// <summary>From 1 to 0 along half a cosine (Loshchilov and Hutter 2017, SGDR, equation 5, without restarts).</summary>
    public static Schedule Cosine { get; } = new("cosine", (step, steps) => (1 + Math.Cos(Math.PI * Share(step, steps))) / 2);

    /// <summary>
    /// Up from 1/25 for the first 30% of the steps and down to 1/10,000 of that, both along half a cosine (Smith and Topin 2018; the
    /// numbers are the defaults of torch.optim.lr_scheduler.OneCycleLR).
    /// </summary>
    public static Schedule OneCycle { get; } = new("one-cycle", (step, steps) =>
    {
        const double first = 1.0 / 25, last = first / 1e4;
        double turn = 0.3 * steps - 1, end = steps - 1;
        return step <= turn ? Between(first, 1, step / turn) : Between(1, last, (step - turn) / Math.Max(1, end - turn));
    });

    /// <summary>Times `factor` every `every` steps.</summary>
    public static Schedule Step(long every, double factor = 0.1) => every >= 1
        ? new(FormattableString.Invariant($"step:{every}:{Limits.NotNegative(factor, "The factor of a schedule")}"), (step, _) =>
            Math.Pow(factor, step / every))
        : throw new BadArgumentException($"A schedule that steps every {every} steps cannot be: at least 1.");

    /// <summary>1 / (1 + step / halving): half the rate after `halving` steps.</summary>
    public static Schedule Inverse(long halving) => halving >= 1
        ? new(FormattableString.Invariant($"inverse:{halving}"), (step, _) => 1 / (1 + (double)step / halving))
        : throw new BadArgumentException($"A schedule that halves after {halving} steps cannot be: at least 1.");

    /// <summary>This schedule, after a linear rise over the first steps; it sees the steps that are left.</summary>
    public Schedule WarmUp(long rise) => rise >= 1
        ? new(
            FormattableString.Invariant($"warm-up:{rise}+{Name}"),
            (step, steps) => step < rise ? (step + 1.0) / rise : Factor(step - rise, Math.Max(1, steps - rise)))
        : throw new BadArgumentException($"A rise over {rise} steps cannot be: at least 1.");

    /// <summary>A schedule by its name: constant, cosine, one-cycle, step:EVERY[:FACTOR], inverse:HALVING, and warm-up:STEPS+ before any of
    /// them.</summary>
    /// <exception cref="BadArgumentException">There is none of that name.</exception>
    public static Schedule Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.IndexOf('+') is > 0 and var plus && Parts(name[..plus]) is ["warm-up", var rise]) return Named(name[(plus + 1)..])
            .WarmUp(Whole(rise, name));
        return Parts(name) switch
        {
            ["constant"] => Constant,
            ["cosine"] => Cosine,
            ["one-cycle"] => OneCycle,
            ["step", var every] => Step(Whole(every, name)),
            ["step", var every, var factor] => Step(Whole(every, name), Number(factor, name)),
            ["inverse", var halving] => Inverse(Whole(halving, name)),
            _ => throw Unknown(name),
        };
    }

    static string[] Parts(string name) => name.Split(':');

    static long Whole(string text, string name) =>
        long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long value) ? value : throw Unknown(name);

    static double Number(string text, string name) =>
        double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double value)
        && value > 0 && double.IsFinite(value)
        ? value
        : throw Unknown(name);

    static BadArgumentException Unknown(string name) =>
        new(
            $"There is no schedule '{name}'. "
            + $"There is: constant, cosine, one-cycle, step:EVERY[:FACTOR], inverse:HALVING, and warm-up:STEPS+ before any of them.");

    static double Share(long step, long steps) => steps <= 1 ? 0 : Math.Min(1, step / (double)steps);

    static double Between(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * Math.Clamp(share, 0, 1))) / 2;
}

using GpuRnn.Layers;

namespace GpuRnn.Cli.Checking;

/// <summary>How far a tensor may be from what is expected, as a share of its largest element.</summary>
/// <param name="Output">Outputs and final states.</param>
/// <param name="Gradient">Gradients.</param>
sealed record Bounds(double Output, double Gradient)
{
    public double Of(string tensor) => IsGradient(tensor) ? Gradient : Output;

    public static bool IsGradient(string tensor) => tensor.StartsWith("grad_", StringComparison.Ordinal);
}

/// <summary>A tensor beside what was expected.</summary>
/// <param name="Name">Its name in a conformance case.</param>
/// <param name="Error">max|a - b| / max|b|, and max|a| where b is all zero; infinite where nothing was produced.</param>
/// <param name="Bound">The largest error that passes.</param>
/// <param name="Produced">Is there such a tensor?</param>
sealed record TensorError(string Name, double Error, double Bound, bool Produced)
{
    /// <summary>Not "above": NaN is never right.</summary>
    public bool Passed => Error <= Bound;

    /// <summary>How close to failing; NaN is worst.</summary>
    public double Badness => double.IsNaN(Error) ? double.PositiveInfinity : Error / Bound;
}

/// <summary>A case on a device with one strategy.</summary>
sealed record CheckResult(string Case, string Cell, string Device, string Precision, Strategy Strategy, IReadOnlyList<TensorError> Tensors)
{
    public TensorError Worst => Tensors.MaxBy(t => t.Badness)!;

    public bool Passed => Tensors.All(t => t.Passed);

    /// <summary>The worst of outputs or of gradients alone; null where there is none.</summary>
    public TensorError? WorstOf(bool gradient) => Tensors.Where(t => Bounds.IsGradient(t.Name) == gradient).MaxBy(t => t.Badness);
}

/// <summary>A case that the engine cannot run, and why.</summary>
sealed record SkippedCase(string Case, string Reason);

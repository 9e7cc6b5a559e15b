using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Labs;

/// <summary>
/// A lab of `gpurnn lab`: a claim about recurrent networks, measured. A new lab is a new folder and a line in <see cref="LabCatalog"/>.
/// </summary>
public abstract class Lab
{
    public abstract string Name { get; }
    /// <summary>One line for --help, and below the report's title.</summary>
    public abstract string Description { get; }
    /// <summary>Options of its own, beside seed and device.</summary>
    public abstract IReadOnlyList<OwnOption> Options { get; }

    /// <summary>Measures, and puts measures, charts and tables into the outcome.</summary>
    /// <exception cref="GpuRnnException">What was asked for cannot be.</exception>
    public abstract void Run(LabOptions options, RunOutcome outcome, Action<double, string> say, CancellationToken cancel);
}

using GpuRnn.Kernels.Recurrent;
using ILGPU.Runtime;

namespace GpuRnn.Backends;

/// <summary>How often a launch runs in a pass over steps [Begin, End).</summary>
enum Span
{
    /// <summary>Once, for all steps.</summary>
    Whole,
    /// <summary>For each step, in the direction of the pass. Neighbours of this kind take turns.</summary>
    EachStep,
    /// <summary>For each step behind which as many as are projected at once are to be made ready; it leads those of each step.</summary>
    EachProjected,
    /// <summary>Once, for step Begin - 1.</summary>
    BeforeFirst,
}

/// <summary>A launch of a program.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Config">Groups, threads and shared memory.</param>
/// <param name="Span">How often it runs.</param>
/// <param name="Resident">Must all groups run at the same time, for they wait for each other?</param>
sealed record Launch<E>(Kernel<E> Kernel, KernelConfig Config, Span Span = Span.Whole, bool Resident = false)
    where E : unmanaged, IFloatingPointIeee754<E>;

/// <summary>
/// A layer as lists of launches. Only what is wanted is launched; a way that makes gradients on its way back has no lists for them.
/// </summary>
sealed class LayerProgram<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>From parameters to packed weights.</summary>
    public required Launch<E>[] Pack { get; init; }
    public required Launch<E>[] Forward { get; init; }
    /// <summary>Gate gradients, and those of the initial states.</summary>
    public required Launch<E>[] Backward { get; init; }
    public Launch<E>[] InputGradient { get; init; } = [];
    public Launch<E>[] WeightGradient { get; init; } = [];

    /// <summary>How many launches a run is.</summary>
    public static int Count(Launch<E>[] launches, in SequenceArguments<E> a)
    {
        int count = 0, steps = a.End - a.Begin;
        foreach (Launch<E> launch in launches)
            count += launch.Span switch
            {
                Span.EachStep => steps,
                Span.EachProjected => (steps + a.Projected - 1) / a.Projected,
                _ => 1,
            };
        return count;
    }

    static bool IsOfSteps(Launch<E> launch) => launch.Span is Span.EachStep or Span.EachProjected;

    /// <summary>Runs a list over the arguments' steps.</summary>
    /// <param name="launches">The list.</param>
    /// <param name="a">The arguments.</param>
    /// <param name="back">Last step first?</param>
    public static void Run(Launch<E>[] launches, in SequenceArguments<E> a, bool back = false)
    {
        for (int i = 0, next; i < launches.Length; i = next)
        {
            for (next = i + 1; IsOfSteps(launches[i]) && next < launches.Length && IsOfSteps(launches[next]);) next++;
            if (!IsOfSteps(launches[i]))
            {
                launches[i].Kernel.Launch(launches[i].Config, a, a.Begin - 1);
                continue;
            }
            for (int n = 0; n < a.End - a.Begin; n++)
                for (int turn = i; turn < next; turn++)
                    if (launches[turn].Span == Span.EachStep || n % a.Projected == 0)
                        launches[turn].Kernel.Launch(launches[turn].Config, a, back ? a.End - 1 - n : a.Begin + n);
        }
    }
}

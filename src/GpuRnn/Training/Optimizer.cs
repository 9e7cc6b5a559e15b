using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Training;

/// <summary>Update steps over all parameters of a model, on the device: clipping, then the rule, a few launches for any model.</summary>
/// <typeparam name="E">float or double.</typeparam>
public abstract class Optimizer<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Elementwise<E> rule, clamp;
    readonly GradientNorm<E> norm;
    readonly DeviceArray<E> partial, control;
    readonly E[] read = new E[3];
    readonly List<DeviceArray<E>> states = [];
    readonly List<ParameterRange> ranges;
    readonly Guard guard;

    /// <summary>A rule of the kernels by its open type, with as many arrays of state.</summary>
    private protected Optimizer(
        Parameters<E> parameters, Type ruleType, int stateCount, ClipOptions? clip, IReadOnlyList<ParameterGroup>? groups)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        guard = new(this, parameters.Usage, parameters.Guard);
        using Guard.Scope scope = guard.Enter();
        Clip = clip ?? new();
        Clip.Check();
        _ = parameters.Values; // a layer that is declared later would not be trained: from here on it is refused
        rule = Elementwise<E>.Of(parameters.Device, ruleType);
        clamp = Elementwise<E>.Of(parameters.Device, typeof(ClampRule<,>));
        norm = GradientNorm<E>.Of(parameters.Device, Clip.Kind);
        ranges = ParameterRange.Of(parameters.All, Limits.AllGiven(groups ?? [], nameof(groups)));
        partial = new(parameters.Device, GradientNorm<E>.Blocks(parameters.Length));
        control = new(parameters.Device, 3);
        for (int i = 0; i < stateCount; i++) states.Add(new(parameters.Device, parameters.Length));
    }

    /// <summary>What it updates.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>How gradients are bounded.</summary>
    public ClipOptions Clip { get; }
    /// <summary>The learning rate; schedules set it. 0 or above.</summary>
    /// <exception cref="BadArgumentException">It is negative, infinite or no number.</exception>
    public double Rate
    {
        get;
        set => field = Limits.NotNegative(value, "The learning rate");
    }

    internal Guard Guard => guard;

    /// <summary>Its kind, as checkpoints know it: what its arrays mean.</summary>
    internal abstract string Kind { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }
    /// <summary>Steps left out because the gradient's norm was not finite.</summary>
    public long Skipped { get; private set; }

    /// <summary>One step from the gradients of the parameters.</summary>
    /// <returns>The global norm of the gradients before norm clipping.</returns>
    /// <exception cref="NotFiniteException">The norm is not finite, and the policy is to throw; the weights are as they were.</exception>
    public double Step()
    {
        using Guard.Scope scope = guard.Enter();
        using Activity? activity = Telemetry.Begin("optimizer step");
        ArrayView<E> gradients = Parameters.Gradients;
        if (Clip.Value > 0) clamp.Run([Clip.Value], gradients, gradients);
        norm.Clip(gradients, partial.View, control.View, Clip.Norm);
        foreach (ParameterRange range in ranges) Update(range, gradients);
        Parameters.Device.Download<E>(control.View, read);
        double length = Element.ToDouble(read[2]);
        if (double.IsFinite(length))
        {
            Steps++;
            Parameters.Changed();
            return length;
        }
        if (Clip.NonFinite == NonFinite.Throw)
            throw new NotFiniteException(
                $"The gradient's norm is {length} at step {Steps + 1}; the weights are unchanged. "
                + $"Lower the learning rate or clip the gradient.");
        Skipped++;
        Parameters.Device.Logger.LeftOut(Steps + 1, length);
        return length;
    }

    void Update(in ParameterRange range, ArrayView<E> gradients)
    {
        ArrayView<E> Part(ArrayView<E> all, long offset, long length) => all.SubView(offset, length);
        Span<double> numbers = stackalloc double[16];
        int count = Numbers(numbers, Rate * range.Rate, range.WeightDecay, Steps + 1);
        rule.Run(numbers[..count], Part(Parameters.Values, range.Offset, range.Length), Part(gradients, range.Offset, range.Length),
            Part(states[0].View, range.Offset, range.Length), states.Count > 1 ? Part(states[1].View, range.Offset, range.Length)
                : default, control.View);
    }

    /// <summary>
    /// The rule's numbers for a step (the first is 1), a learning rate and a factor of the weight decay. Returns how many.
    /// </summary>
    private protected abstract int Numbers(Span<double> numbers, double rate, double decayFactor, long step);

    /// <summary>Copies numbers to where a rule gets them from.</summary>
    private protected static int Put(Span<double> to, ReadOnlySpan<double> numbers)
    {
        numbers.CopyTo(to);
        return numbers.Length;
    }

    /// <summary>The optimizer's own arrays, for a checkpoint.</summary>
    public IReadOnlyList<E[]> ReadStates()
    {
        using Guard.Scope scope = guard.Enter();
        return [.. states.Select(s =>
        {
            E[] data = new E[s.Length];
            Parameters.Device.Download<E>(s.View, data);
            return data;
        })];
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="steps">Steps taken until then.</param>
    /// <param name="data">What <see cref="ReadStates"/> gave.</param>
    /// <exception cref="BadArgumentException">They are of another optimizer; nothing was written.</exception>
    public void WriteStates(long steps, IReadOnlyList<E[]> data)
    {
        using Guard.Scope scope = guard.Enter();
        Limits.AtLeast(steps, 0, "The number of steps taken");
        Limits.AllGiven(data, nameof(data));
        if (data.Count != states.Count || data.Any(d => d.Length != Parameters.Length))
            throw new BadArgumentException(
                $"The checkpoint's optimizer state does not fit: expected {states.Count} arrays of {Parameters.Length} numbers.");
        for (int i = 0; i < data.Count; i++) Parameters.Device.Upload<E>(data[i], states[i].View);
        Steps = steps;
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(() =>
    {
        partial.Dispose();
        control.Dispose();
        states.ForEach(s => s.Dispose());
    });
}

using GpuRnn.Kernels.Training;
using GpuRnn.Layers;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Training;

/// <summary>What becomes of a step whose gradient norm is infinite or not a number. Such a gradient never reaches the weights.</summary>
public enum NonFinite
{
    /// <summary>The step throws.</summary>
    Throw,
    /// <summary>The step is left out and counted.</summary>
    Skip,
}

/// <summary>How gradients are bounded before a step.</summary>
public sealed record ClipOptions
{
    /// <summary>The largest global norm, as torch.nn.utils.clip_grad_norm_ has it; 0 for none.</summary>
    public double Norm { get; init; }
    /// <summary>The largest magnitude of an element, applied before the norm is taken; 0 for none.</summary>
    public double Value { get; init; }
    /// <summary>What becomes of a step whose norm is not finite.</summary>
    public NonFinite NonFinite { get; init; } = NonFinite.Throw;
}

/// <summary>Update steps over all parameters of a model, on the device: clipping, then the rule, a few launches for any model.</summary>
/// <typeparam name="E">float or double.</typeparam>
public abstract class Optimizer<E> : IDisposable where E : unmanaged
{
    readonly DeviceArray<E> sums, control;
    readonly E[] read = new E[3];
    readonly List<DeviceArray<E>> states = [];
    bool disposed;

    private protected Optimizer(Parameters<E> parameters, int stateCount, ClipOptions? clip)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        Clip = clip ?? new();
        Elementwise = Elementwise<E>.Of(parameters.Device);
        sums = new(parameters.Device, (parameters.Length + Reduction.Block - 1) / Reduction.Block);
        control = new(parameters.Device, 3);
        for (int i = 0; i < stateCount; i++) states.Add(new(parameters.Device, parameters.Length));
    }

    /// <summary>What it updates.</summary>
    public Parameters<E> Parameters { get; }
    /// <summary>How gradients are bounded.</summary>
    public ClipOptions Clip { get; }
    /// <summary>The learning rate; schedules set it.</summary>
    public double Rate { get; set; }
    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }
    /// <summary>Steps left out because the gradient's norm was not finite.</summary>
    public long Skipped { get; private set; }

    internal Elementwise<E> Elementwise { get; }
    internal ArrayView<E> State(int index) => states[index].View;

    /// <summary>One step from the gradients of the parameters.</summary>
    /// <returns>The global norm of the gradients before norm clipping.</returns>
    /// <exception cref="GpuRnnException">The norm is not finite, and the policy is to throw; the weights are as they were.</exception>
    public double Step()
    {
        using Usage.Scope scope = Parameters.Usage.Enter();
        ObjectDisposedException.ThrowIf(disposed, this);
        ArrayView<E> gradients = Parameters.Gradients;
        if (Clip.Value > 0) Elementwise.Clamp(gradients, Element.Of<E>(Clip.Value));
        Elementwise.Clip(gradients, sums.View, control.View, Element.Of<E>(Clip.Norm));
        Update(Parameters.Values, gradients, control.View, Steps + 1);
        Parameters.Device.Download<E>(control.View, read);
        double norm = Element.ToDouble(read[2]);
        if (double.IsFinite(norm))
        {
            Steps++;
            Parameters.Changed();
            return norm;
        }
        if (Clip.NonFinite == NonFinite.Throw)
            throw new GpuRnnException($"The gradient's norm is {norm} at step {Steps + 1}; the weights are unchanged. Lower the learning rate or clip the gradient.");
        Skipped++;
        return norm;
    }

    private protected abstract void Update(ArrayView<E> values, ArrayView<E> gradients, ArrayView<E> control, long step);

    /// <summary>The optimizer's own arrays, for a checkpoint.</summary>
    public IReadOnlyList<E[]> ReadStates() => [.. states.Select(s =>
    {
        E[] data = new E[s.Length];
        Parameters.Device.Download<E>(s.View, data);
        return data;
    })];

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="steps">Steps taken until then.</param>
    /// <param name="data">What <see cref="ReadStates"/> gave.</param>
    public void WriteStates(long steps, IReadOnlyList<E[]> data)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (data.Count != states.Count || data.Any(d => d.Length != Parameters.Length))
            throw new GpuRnnException($"The checkpoint's optimizer state does not fit: expected {states.Count} arrays of {Parameters.Length} numbers.");
        for (int i = 0; i < data.Count; i++) Parameters.Device.Upload<E>(data[i], states[i].View);
        Steps = steps;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        sums.Dispose();
        control.Dispose();
        states.ForEach(s => s.Dispose());
    }
}

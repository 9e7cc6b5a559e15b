using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    /// <summary>[T, B, <see cref="Recurrent{E}.OutputSize"/>] The gradient of the output on the device: written by whoever knows the loss.</summary>
    public override ArrayView<E> OutputGradient => Alive(memory.OutputGradients.Length > 0 ? memory.OutputGradients[^1] : default);

    /// <summary>[T, B, I] The gradient of the input on the device; empty if it is not wanted.</summary>
    public ArrayView<E> InputGradient => Alive(memory.Dx);

    /// <summary>
    /// Runs the backward pass on what is on the device: <see cref="OutputGradient"/>, to the gradients of parameters and <see cref="InputGradient"/>.
    /// </summary>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    /// <exception cref="InvalidOperationException">The pass was not planned for training, or no forward pass went before this one backward pass.</exception>
    public void Backward(bool accumulate = false) => Backward(true, false, accumulate);

    /// <summary>
    /// Runs the backward pass on what is on the device: <see cref="OutputGradient"/>, and <see cref="StateGradientH"/> and <see cref="StateGradientC"/> as
    /// gradients of the final states, in whose place those of the initial states come.
    /// </summary>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    public void BackwardWithStates(bool accumulate = false) => Backward(true, true, accumulate);

    /// <summary>
    /// [layers * directions, B, H] On the device: before a backward pass with states the gradient of the final h, after any backward pass that of
    /// the initial h.
    /// </summary>
    public ArrayView<E> StateGradientH => Alive(memory.Dh);

    /// <summary>The same for c; empty for cells that have none.</summary>
    public ArrayView<E> StateGradientC => Alive(memory.Dc);

    void Backward(bool hasOutputGradient, bool hasStateGradients, bool accumulate)
    {
        using Usage.Scope scope = Enter();
        ThrowIfNotSaved();
        saved = false;
        for (int l = passes.Length - 1; l >= 0; l--)
        {
            ArrayView<E> below = l > 0 ? memory.OutputGradients[l - 1] : inputSource?.OutputGradient ?? memory.Dx;
            for (int d = 0; d < passes[l].Length; d++)
            {
                ArrayView<E> dy = l == passes.Length - 1 && !hasOutputGradient ? default : memory.GradientOf(memory.OutputGradients[l], d);
                int at = l * network.DirectionCount + d;
                passes[l][d].Backward(dy, LayerStates(memory.Dh, at), LayerStates(memory.Dc, at), hasStateGradients, below, d > 0, accumulate);
            }
            if (l > 0 && memory.Masks.Length > 0) Mask(l - 1, below, below);
        }
    }

    /// <summary>The backward pass overwrites what the forward pass saved: one of the other.</summary>
    void ThrowIfNotSaved()
    {
        ThrowIfNotRun();
        if (!options.Training) throw new InvalidOperationException("This pass was planned for inference. Plan it with Training = true.");
        if (!saved) throw new InvalidOperationException("What the forward pass saved has been used up by a backward pass: run it forward again.");
    }

    /// <summary>Runs the backward pass on arrays of the program.</summary>
    /// <param name="dy">[T, B, <see cref="Recurrent{E}.OutputSize"/>] The gradient of the output, or empty for zero.</param>
    /// <param name="dhn">[layers * directions, B, H] The gradient of the final h, or empty for zero.</param>
    /// <param name="dcn">The same for c.</param>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    public void Backward(ReadOnlySpan<E> dy, ReadOnlySpan<E> dhn = default, ReadOnlySpan<E> dcn = default, bool accumulate = false)
    {
        using Usage.Scope scope = Enter();
        ThrowIfNotSaved();
        if (dy.Length > 0)
        {
            CheckExact(dy.Length, (long)Steps * Sequences * network.OutputSize, "dy");
            Device.Upload(dy, OutputGradient);
        }
        bool states = dhn.Length > 0 || dcn.Length > 0;
        if (states) UploadOrClear(dhn, memory.Dh, "dhn");
        if (states && network.HasC) UploadOrClear(dcn, memory.Dc, "dcn");
        Backward(dy.Length > 0, states, accumulate);
    }

    void UploadOrClear(ReadOnlySpan<E> from, ArrayView<E> to, string what)
    {
        if (from.Length == 0)
        {
            to.MemSetToZero(Device.Stream);
            return;
        }
        CheckExact(from.Length, StateLength, what);
        Device.Upload(from, to);
    }

    /// <summary>Copies the gradient of the input out.</summary>
    /// <param name="dx">[T, B, I].</param>
    public void GetInputGradient(Span<E> dx)
    {
        using Usage.Scope scope = Enter();
        ThrowIfNotRun();
        CheckExact(dx.Length, (long)Steps * Sequences * network.InputSize, "dx");
        if (memory.Dx.Length == 0)
            throw new InvalidOperationException("The gradient of the input was not planned (PassOptions.InputGradient), or the input is indices.");
        Device.Download(memory.Dx, dx);
    }

    /// <summary>Copies the gradients of the initial states out.</summary>
    /// <param name="dh0">[layers * directions, B, H].</param>
    /// <param name="dc0">The same for c, or empty.</param>
    public void GetInitialStateGradients(Span<E> dh0, Span<E> dc0 = default)
    {
        using Usage.Scope scope = Enter();
        ThrowIfNotRun();
        CheckExact(dh0.Length, StateLength, "dh0");
        if (dc0.Length > 0) CheckExact(dc0.Length, network.HasC ? StateLength : 0, "dc0");
        Device.Download(memory.Dh, dh0);
        Device.Download(memory.Dc, dc0);
    }
}

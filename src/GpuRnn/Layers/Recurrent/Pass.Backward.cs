using System.Diagnostics;
using GpuRnn.Kernels.Workers;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    /// <summary>
    /// [T, B, <see cref="Recurrent{E}.OutputSize"/>] The gradient of the output on the device: written by whoever knows the loss.
    /// </summary>
    internal override ArrayView<E> RowGradients => Alive(memory.OutputGradients.Length > 0 ? memory.OutputGradients[^1] : default);

    /// <summary>[T, B, I] The gradient of the input on the device; empty if it is not wanted.</summary>
    public ArrayView<E> InputGradient => Alive(memory.Dx);

    /// <summary>
    /// Runs the backward pass on what is on the device: <see cref="Source{E}.OutputGradient"/>, to the gradients of parameters and
    /// <see cref="InputGradient"/>.
    /// </summary>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    /// <exception cref="InvalidOperationException">The pass was not planned for training, no forward pass went before this one backward
    /// pass, or the weights or the rows that it read have changed since.</exception>
    public void Backward(bool accumulate = false) => Backward(true, false, accumulate);

    /// <summary>
    /// Runs the backward pass on what is on the device: <see cref="Source{E}.OutputGradient"/>, and <see cref="StateGradientH"/> and
    /// <see cref="StateGradientC"/> as gradients of the final states, in whose place those of the initial states come.
    /// </summary>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    /// <exception cref="InvalidOperationException">As <see cref="Backward(bool)"/>.</exception>
    public void BackwardWithStates(bool accumulate = false) => Backward(true, true, accumulate);

    /// <summary>
    /// [layers * directions, B, R] On the device: before a backward pass with states the gradient of the final h, after any backward
    /// pass that of the initial h.
    /// </summary>
    public ArrayView<E> StateGradientH => Alive(memory.Dh);

    /// <summary>The same for c; empty for cells that have none.</summary>
    public ArrayView<E> StateGradientC => Alive(memory.Dc);

    void Backward(bool hasOutputGradient, bool hasStateGradients, bool accumulate)
    {
        using Guard.Scope scope = guard.Enter();
        CheckSaved();
        using Activity? activity = Telemetry.Begin("backward");
        activity?.SetTag("steps", batch.Rows);
        Telemetry.Stepped(batch.Rows, backward: true);
        run.Use();
        using DenormalScope several = Device.Backend.Several();
        for (int l = passes.Length - 1; l >= 0; l--)
        {
            ArrayView<E> below = l > 0 ? memory.OutputGradients[l - 1] : ranInput.Source?.OutputGradient ?? memory.Dx;
            for (int d = 0; d < passes[l].Length; d++)
            {
                ArrayView<E> dy = l == passes.Length - 1 && !hasOutputGradient ? default : memory.GradientOf(memory.OutputGradients[l], d);
                int at = l * network.DirectionCount + d;
                passes[l][d].Backward(dy, LayerH(memory.Dh, at), LayerC(memory.Dc, at), hasStateGradients, below, d > 0, accumulate);
            }
            if (l > 0 && memory.Masks.Length > 0) Mask(l - 1, below, below);
        }
        run.Finish();
    }

    /// <summary>Runs the backward pass on arrays of the program.</summary>
    /// <param name="dy">[T, B, <see cref="Recurrent{E}.OutputSize"/>] The gradient of the output, or empty for zero.</param>
    /// <param name="dhn">[layers * directions, B, R] The gradient of the final h, or empty for zero.</param>
    /// <param name="dcn">The same for c; empty for cells that have none.</param>
    /// <param name="accumulate">Are parameters' gradients added to what is there?</param>
    /// <exception cref="BadArgumentException">An array has the wrong size, or the cell has no c.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="Backward(bool)"/>.</exception>
    public void Backward(ReadOnlySpan<E> dy, ReadOnlySpan<E> dhn = default, ReadOnlySpan<E> dcn = default, bool accumulate = false)
    {
        using Guard.Scope scope = guard.Enter();
        CheckSaved();
        if (dy.Length > 0) CheckExact(dy.Length, (long)Steps * Sequences * network.OutputSize, "dy");
        if (dhn.Length > 0) CheckExact(dhn.Length, LengthOfH, "dhn");
        CheckC(dcn.Length, "dcn");
        bool states = dhn.Length > 0 || dcn.Length > 0;
        if (dy.Length > 0) Device.Upload(dy, memory.OutputGradients[^1]);
        if (states) UploadOrClear(dhn, memory.Dh);
        if (states && network.HasC) UploadOrClear(dcn, memory.Dc);
        Backward(dy.Length > 0, states, accumulate);
    }

    void UploadOrClear(ReadOnlySpan<E> from, ArrayView<E> to)
    {
        if (from.Length == 0) Device.Clear(to);
        else Device.Upload(from, to);
    }

    /// <summary>Copies the gradient of the input out, after a backward pass.</summary>
    /// <param name="dx">[T, B, I].</param>
    /// <exception cref="InvalidOperationException">It was not planned, it went to a source, or the last backward pass was of another
    /// run.</exception>
    public void GetInputGradient(Span<E> dx)
    {
        using Guard.Scope scope = guard.Enter();
        CheckExact(dx.Length, (long)Steps * Sequences * network.InputSize, "dx");
        CheckInputGradient();
        Device.Download(memory.Dx, dx);
    }

    /// <exception cref="InvalidOperationException"><see cref="InputGradient"/> is not that of the last run.</exception>
    internal void CheckInputGradient()
    {
        if (memory.Dx.Length == 0)
            throw new InvalidOperationException(
                "The gradient of the input was not planned (PassOptions.InputGradient), or the input is indices.");
        CheckGradients();
        if (ranInput.Source is not null)
            throw new InvalidOperationException(
                "The gradient of the input went to the source that the pass reads: it is that source's OutputGradient.");
    }

    /// <exception cref="InvalidOperationException">The gradients in memory are not those of the last run.</exception>
    internal void CheckGradients() => run.CheckFinished(Now);

    /// <exception cref="InvalidOperationException">No backward pass may follow now.</exception>
    /// <exception cref="ObjectDisposedException">What the forward pass read has been disposed.</exception>
    internal void CheckSaved()
    {
        ranInput.CheckAlive(network);
        run.CheckSaved(Now);
    }

    /// <exception cref="InvalidOperationException">The last run was not on the input of this version.</exception>
    internal void CheckRanOn(long version)
    {
        if (ranInputVersion != version) throw new InvalidOperationException(
            "The pass was run on another input since: run it forward again.");
    }

    /// <summary>Copies the gradients of the initial states out, after a backward pass.</summary>
    /// <param name="dh0">[layers * directions, B, R].</param>
    /// <param name="dc0">The same for c, or empty.</param>
    /// <exception cref="InvalidOperationException">The last backward pass was of another run.</exception>
    public void GetInitialStateGradients(Span<E> dh0, Span<E> dc0 = default)
    {
        using Guard.Scope scope = guard.Enter();
        CheckExact(dh0.Length, LengthOfH, "dh0");
        CheckC(dc0.Length, "dc0");
        CheckGradients();
        Device.Download(memory.Dh, dh0);
        Device.Download(memory.Dc, dc0);
    }
}

using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>
/// From an encoder to a decoder (Sutskever, Vinyals and Le 2014): the final states of the encoder's last layer are the initial states of
/// the decoder's first; of an encoder in two directions, both, side by side. Other layers of the decoder start from zero.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class StateBridge<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Pass<E> encoder, decoder;
    readonly Guard guard;
    Run run;
    long written;
    readonly int layers, directions;
    readonly Items<BridgeArguments<E>> forward, backward;

    /// <summary>Between two passes.</summary>
    /// <param name="encoder">Whose final states.</param>
    /// <param name="decoder">Whose initial states.</param>
    /// <exception cref="BadArgumentException">The states do not fit: the decoder has directions times H of the encoder units, and the same
    /// kind of states.</exception>
    public StateBridge(Pass<E> encoder, Pass<E> decoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        (this.encoder, this.decoder) = (encoder, decoder);
        if (encoder.Device != decoder.Device) throw new BadArgumentException("Encoder and decoder are on different devices.");
        guard = new(this, encoder.Usage, encoder.Guard, decoder.Guard);
        (layers, directions) = (encoder.Network.Options.Layers, encoder.Network.DirectionCount);
        if (decoder.Network.SizeOfH != directions * encoder.Network.SizeOfH
            || decoder.Network.SizeOfC != directions * encoder.Network.SizeOfC
            || decoder.Network.DirectionCount != 1)
            throw new BadArgumentException(
                $"States of {directions} x {encoder.Network.HiddenSize} units ({encoder.Network.Cell}) "
                + $"do not fit a decoder of {decoder.Network.HiddenSize} ({decoder.Network.Cell}).");
        forward = Items<BridgeArguments<E>>.OverLanes<E>(encoder.Device, typeof(BridgeForward<,,>));
        backward = Items<BridgeArguments<E>>.OverLanes<E>(encoder.Device, typeof(BridgeBackward<,,>));
    }

    /// <summary>After the encoder's forward pass, before the decoder's.</summary>
    /// <exception cref="BadArgumentException">The passes have different numbers of sequences.</exception>
    /// <exception cref="InvalidOperationException">The encoder has not been run on its batch.</exception>
    public void Forward()
    {
        using Guard.Scope scope = guard.Enter();
        encoder.CheckFinalStates();
        CheckSequences();
        decoder.Device.Clear(decoder.InitialH);
        Run(forward, encoder.FinalH, decoder.InitialH, encoder.Network.SizeOfH);
        if (encoder.Network.HasC)
        {
            decoder.Device.Clear(decoder.InitialC);
            Run(forward, encoder.FinalC, decoder.InitialC, encoder.Network.SizeOfC);
        }
        decoder.UseInitialStates();
        written = decoder.OriginVersion;
        run.Ran(Now, true);
    }

    Stamp Now => new(encoder.Batch.Version, 0, encoder.Written);

    /// <summary>After the decoder's backward pass, before the encoder's <see cref="Pass{E}.BackwardWithStates"/>.</summary>
    /// <exception cref="InvalidOperationException">The decoder's backward pass did not go before, or no backward pass of the encoder may
    /// follow.</exception>
    public void Backward()
    {
        using Guard.Scope scope = guard.Enter();
        decoder.CheckGradients();
        encoder.CheckSaved();
        CheckSequences();
        run.CheckSaved(Now);
        if (decoder.RanOriginVersion != written)
            throw new InvalidOperationException("The decoder did not begin with the bridge's states: their gradient is not the encoder's.");
        run.Use();
        encoder.Device.Clear(encoder.StateGradientH);
        Run(backward, encoder.StateGradientH, decoder.StateGradientH, encoder.Network.SizeOfH);
        if (!encoder.Network.HasC) return;
        encoder.Device.Clear(encoder.StateGradientC);
        Run(backward, encoder.StateGradientC, decoder.StateGradientC, encoder.Network.SizeOfC);
    }

    void CheckSequences()
    {
        if (decoder.Sequences != encoder.Sequences)
            throw new BadArgumentException($"The encoder has {encoder.Sequences} sequences, the decoder {decoder.Sequences}.");
    }

    void Run(Items<BridgeArguments<E>> work, ArrayView<E> encoderStates, ArrayView<E> decoderStates, int size)
    {
        long states = (long)directions * encoder.Sequences * size;
        work.Run(new()
        {
            Directions = directions, B = encoder.Sequences, H = size,
            Encoder = encoder.Device.Buffer(encoderStates.SubView((layers - 1) * states, states)),
            Decoder = encoder.Device.Buffer(decoderStates.SubView(0, states)),
        });
    }
}

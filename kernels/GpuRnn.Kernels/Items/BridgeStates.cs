using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>States of an encoder's last layer, and of a decoder's first, whose units are those of all directions side by side.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct BridgeArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Directions, B, H of the encoder.</summary>
    public int Directions, B, H;
    /// <summary>[Directions, B, H].</summary>
    public Buffer<E> Encoder;
    /// <summary>[B, Directions * H].</summary>
    public Buffer<E> Decoder;
}

/// <summary>From encoder to decoder.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct BridgeForward<E, L, TAccess> : IItemWork<BridgeArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in BridgeArguments<E> a) => RowBlock.Count(a.Directions * a.B, a.H, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in BridgeArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.H, TAccess.Block);
        int encoder = block.Row * a.H, decoder = BridgePlace.InDecoder(a, block.Row);
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.Decoder, decoder + i, TAccess.Load(a.Encoder, encoder + i, block.End - i), block.End - i);
    }
}

/// <summary>From decoder to encoder: gradients.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct BridgeBackward<E, L, TAccess> : IItemWork<BridgeArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in BridgeArguments<E> a) => RowBlock.Count(a.Directions * a.B, a.H, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in BridgeArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.H, TAccess.Block);
        int encoder = block.Row * a.H, decoder = BridgePlace.InDecoder(a, block.Row);
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.Encoder, encoder + i, TAccess.Load(a.Decoder, decoder + i, block.End - i), block.End - i);
    }
}

static class BridgePlace
{
    /// <summary>Where a row of the encoder's states, a direction of a sequence, begins in the decoder's.</summary>
    public static int InDecoder<E>(in BridgeArguments<E> a, int row)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        (row % a.B * a.Directions + row / a.B) * a.H;
}

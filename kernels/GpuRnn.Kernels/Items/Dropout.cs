using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>What a dropout reads and writes.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct DropoutArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Rows, elements of a row, and between rows.</summary>
    public int Rows, Size, Stride;
    /// <summary>Rows with the same mask: row / Divide % Modulo is the mask's number.</summary>
    public int Divide, Modulo;
    /// <summary>The key: two numbers that differ from step to step, place to place and seed to seed.</summary>
    public uint Key0, Key1;
    /// <summary>Drawn numbers below it are dropped: rate * 2^32.</summary>
    public uint Threshold;
    /// <summary>What the others are multiplied by: 1 / (1 - rate).</summary>
    public E Scale;
    /// <summary>[Rows, Stride] May be the same.</summary>
    public Buffer<E> From, To;
}

/// <summary>
/// Dropout (Srivastava et al. 2014), inverted: what stays is scaled up. The mask is a function of key, mask's number and unit alone, so it
/// is the same on every device and is computed again, not kept, for the backward pass. Rows that share a mask's number make it variational
/// (Gal and Ghahramani 2016). The function is two rounds of a 32-bit mixer (C. Wellons, "hash-prospector", public domain: the constants of
/// lowbias32).
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number, on all devices: masks are integers.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct Dropout<E, L, TAccess> : IItemWork<DropoutArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in DropoutArguments<E> a) => RowBlock.Count(a.Rows, a.Size, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in DropoutArguments<E> a, int item)
    {
        RowBlock block = RowBlock.Of(item, a.Size, TAccess.Block);
        uint mask = DropoutMask.OfRow(a.Key0, (uint)(block.Row / a.Divide % a.Modulo));
        L scale = L.Of(a.Scale), zero = L.Splat(0);
        for (int unit = block.Begin; unit < block.End; unit++)
        {
            int at = block.Row * a.Stride + unit;
            L value = DropoutMask.Draw(mask, a.Key1, (uint)unit) >= a.Threshold ? TAccess.Load(a.From, at, 1) * scale : zero;
            TAccess.Store(a.To, at, value, 1);
        }
    }
}

/// <summary>The numbers of dropout's masks.</summary>
static class DropoutMask
{
    /// <summary>Where the numbers of a mask begin.</summary>
    public static uint OfRow(uint key, uint mask) => Mix(mask ^ key);

    /// <summary>A number from 0 to 2^32 - 1 for a unit.</summary>
    public static uint Draw(uint mask, uint key, uint unit) => Mix(mask + unit * 0x9E3779B9u ^ key);

    /// <summary>A bijection of 32-bit numbers whose bits look random.</summary>
    public static uint Mix(uint x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352Du;
        x ^= x >> 15;
        x *= 0x846CA68Bu;
        return x ^ x >> 16;
    }
}

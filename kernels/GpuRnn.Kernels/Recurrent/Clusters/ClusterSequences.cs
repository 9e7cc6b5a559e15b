using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>The sequences of a cluster: 1, 2, 4 or 8 of them.</summary>
/// <typeparam name="TSelf">The sequences.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
interface IClusterSequences<TSelf, S> where TSelf : struct, IClusterSequences<TSelf, S> where S : struct, ISlots<S, CudaSingle>
{
    /// <summary>How many.</summary>
    static abstract int Count { get; }

    /// <summary>Nothing yet, of each.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Adds a quad's products with h of each.</summary>
    static abstract void Fma<TRange>(ref TSelf sums, S a, S b, S c, S d, ArrayView<Quad<float>> h, int at, int pitch)
        where TRange : struct, IRange;

    /// <summary>
    /// These sums, and products with h of the weights in registers, `pitch` quads from one sequence to the next: the sum over lanes that
    /// differ in bits below Count, of the sequence that these bits of the lane's number are. Lanes that differ in bit 0 are summed first,
    /// then in bit 1, and so on: in the same order for any number of sequences.
    /// </summary>
    static abstract S HeldProduct<TWeights, TRange>(
        in TSelf sums, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange;

    /// <summary>The same of all weights.</summary>
    static abstract S Product<TWeights, TRange>(
        in SharedWeights shared, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange;
}

/// <summary>One.</summary>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct OneSequence<S> : IClusterSequences<OneSequence<S>, S> where S : struct, ISlots<S, CudaSingle>
{
    S sum;

    public static int Count => 1;

    public static OneSequence<S> Zero => new() { sum = S.Load(default(Portable.ZeroMemory<CudaSingle>), 0, S.Count) };

    public static void Fma<TRange>(ref OneSequence<S> sums, S a, S b, S c, S d, ArrayView<Quad<float>> h, int at, int pitch)
        where TRange : struct, IRange => sums.sum = HeldQuad<S>.Fma<TRange>(sums.sum, a, b, c, d, h[at]);

    public static S HeldProduct<TWeights, TRange>(
        in OneSequence<S> sums, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange
    {
        S sum = sums.sum;
        TWeights.Fma<TRange>(ref sum, in weights, h, at);
        return sum;
    }

    public static S Product<TWeights, TRange>(
        in SharedWeights shared, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange
    {
        OneSequence<S> sums = Zero;
        shared.Add<OneSequence<S>, TRange, S>(ref sums, h, at, pitch);
        return HeldProduct<TWeights, TRange>(in sums, in weights, h, at, pitch, lane);
    }
}

/// <summary>Twice as many.</summary>
/// <typeparam name="T">Half of them.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct TwiceSequences<T, S> : IClusterSequences<TwiceSequences<T, S>, S>
    where T : struct, IClusterSequences<T, S> where S : struct, ISlots<S, CudaSingle>
{
    T first, second;

    public static int Count => 2 * T.Count;

    public static TwiceSequences<T, S> Zero => new() { first = T.Zero, second = T.Zero };

    public static void Fma<TRange>(ref TwiceSequences<T, S> sums, S a, S b, S c, S d, ArrayView<Quad<float>> h, int at, int pitch)
        where TRange : struct, IRange
    {
        T.Fma<TRange>(ref sums.first, a, b, c, d, h, at, pitch);
        T.Fma<TRange>(ref sums.second, a, b, c, d, h, at + T.Count * pitch, pitch);
    }

    public static S HeldProduct<TWeights, TRange>(
        in TwiceSequences<T, S> sums, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange
    {
        S low = T.HeldProduct<TWeights, TRange>(in sums.first, in weights, h, at, pitch, lane);
        S high = T.HeldProduct<TWeights, TRange>(in sums.second, in weights, h, at + T.Count * pitch, pitch, lane);
        return S.Zip(low, high, new Halves(T.Count, lane & T.Count));
    }

    /// <summary>
    /// A weight in shared memory is read once for up to four sequences: more have no registers for their sums beside the weights there.
    /// </summary>
    public static S Product<TWeights, TRange>(
        in SharedWeights shared, in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch, int lane)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange
    {
        if (Count > SharedWeights.MostSequences)
        {
            S low = T.Product<TWeights, TRange>(in shared, in weights, h, at, pitch, lane);
            S high = T.Product<TWeights, TRange>(in shared, in weights, h, at + T.Count * pitch, pitch, lane);
            return S.Zip(low, high, new Halves(T.Count, lane & T.Count));
        }
        TwiceSequences<T, S> sums = Zero;
        shared.Add<TwiceSequences<T, S>, TRange, S>(ref sums, h, at, pitch);
        return HeldProduct<TWeights, TRange>(in sums, in weights, h, at, pitch, lane);
    }
}

/// <summary>The sum over all lanes of a unit.</summary>
/// <typeparam name="TSequences">The sequences.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
static class LaneSums<TSequences, S> where TSequences : struct, IClusterSequences<TSequences, S> where S : struct, ISlots<S, CudaSingle>
{
    /// <summary>From what <see cref="IClusterSequences{TSelf, S}.Product"/> left.</summary>
    public static S Of(S sums)
    {
        if (TSequences.Count <= 1) sums = S.Zip(sums, sums, new Halves(1, 0));
        if (TSequences.Count <= 2) sums = S.Zip(sums, sums, new Halves(2, 0));
        if (TSequences.Count <= 4) sums = S.Zip(sums, sums, new Halves(4, 0));
        return sums;
    }
}

/// <summary>
/// A lane keeps one of two sums and gives the other to the lane that differs in `mask`, which gives it its own: together they have both.
/// </summary>
/// <param name="mask">The bit.</param>
/// <param name="second">Not 0 if the second is kept.</param>
readonly struct Halves(int mask, int second) : ISlotFunction<CudaSingle>
{
    readonly int mask = mask, second = second;

    public CudaSingle Of(CudaSingle a, CudaSingle b)
    {
        float first = CudaSingle.Value(a), other = CudaSingle.Value(b);
        float kept = Utilities.Select(second != 0, other, first), given = Utilities.Select(second != 0, first, other);
        return new(kept + Warp.ShuffleXor(given, mask));
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>Sums of a lane for the sequences of a cluster: 1, 2, 4 or 8 of them.</summary>
/// <typeparam name="TSelf">The sums.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
interface ISequenceSums<TSelf, S> where TSelf : struct, ISequenceSums<TSelf, S> where S : struct, ISlots<S, ScalarSingle>
{
    /// <summary>Sequences.</summary>
    static abstract int Count { get; }
    /// <summary>A lane's part of the products with h: `pitch` quads from one sequence to the next.</summary>
    static abstract TSelf Multiply<TWeights, TRange>(in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange;
    /// <summary>A function of the same sequence of both, for each.</summary>
    static abstract TSelf Zip<F>(in TSelf a, in TSelf b, F function) where F : struct, ISlotFunction<ScalarSingle>;
    /// <summary>
    /// The sum over all lanes of a unit, of the sequence whose number the lane's lowest bits are. Lanes that differ in `mask` are summed
    /// first, then in twice that, and so on: in the same order for any number of sequences.
    /// </summary>
    static abstract S Reduce(in TSelf sums, int lane, int mask);
}

/// <summary>Of one sequence.</summary>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct OneSequence<S> : ISequenceSums<OneSequence<S>, S> where S : struct, ISlots<S, ScalarSingle>
{
    S sums;

    public static int Count => 1;

    public static OneSequence<S> Multiply<TWeights, TRange>(in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange
    {
        S sums = S.Load(default(Portable.ZeroMemory<ScalarSingle>), 0, S.Count);
        TWeights.Fma<TRange>(ref sums, in weights, h, at);
        return new() { sums = sums };
    }

    public static OneSequence<S> Zip<F>(in OneSequence<S> a, in OneSequence<S> b, F function)
        where F : struct, ISlotFunction<ScalarSingle> => new() { sums = S.Zip(a.sums, b.sums, function) };

    public static S Reduce(in OneSequence<S> sums, int lane, int mask)
    {
        S sum = sums.sums;
        if (mask <= 1) sum = S.Zip(sum, sum, new Halves(1, 0));
        if (mask <= 2) sum = S.Zip(sum, sum, new Halves(2, 0));
        if (mask <= 4) sum = S.Zip(sum, sum, new Halves(4, 0));
        return sum;
    }
}

/// <summary>Of twice as many sequences: those of even and of odd numbers.</summary>
/// <typeparam name="T">Of half of them.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct TwiceSequences<T, S> : ISequenceSums<TwiceSequences<T, S>, S>
    where T : struct, ISequenceSums<T, S> where S : struct, ISlots<S, ScalarSingle>
{
    T even, odd;

    public static int Count => 2 * T.Count;

    public static TwiceSequences<T, S> Multiply<TWeights, TRange>(in TWeights weights, ArrayView<Quad<float>> h, int at, int pitch)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange => new()
        {
            even = T.Multiply<TWeights, TRange>(in weights, h, at, 2 * pitch),
            odd = T.Multiply<TWeights, TRange>(in weights, h, at + pitch, 2 * pitch),
        };

    public static TwiceSequences<T, S> Zip<F>(in TwiceSequences<T, S> a, in TwiceSequences<T, S> b, F function)
        where F : struct, ISlotFunction<ScalarSingle> =>
        new() { even = T.Zip(in a.even, in b.even, function), odd = T.Zip(in a.odd, in b.odd, function) };

    public static S Reduce(in TwiceSequences<T, S> sums, int lane, int mask) =>
        T.Reduce(T.Zip(in sums.even, in sums.odd, new Halves(mask, lane & mask)), lane, 2 * mask);
}

/// <summary>
/// A lane keeps one of two sums and gives the other to the lane that differs in `mask`, which gives it its own: together they have both.
/// </summary>
/// <param name="mask">The bit.</param>
/// <param name="second">Not 0 if the second is kept.</param>
readonly struct Halves(int mask, int second) : ISlotFunction<ScalarSingle>
{
    readonly int mask = mask, second = second;

    public ScalarSingle Of(ScalarSingle a, ScalarSingle b)
    {
        float first = ScalarSingle.Value(a), other = ScalarSingle.Value(b);
        float kept = second != 0 ? other : first, given = second != 0 ? first : other;
        return new(kept + Warp.ShuffleXor(given, mask));
    }
}

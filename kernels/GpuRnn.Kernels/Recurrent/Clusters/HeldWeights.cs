using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// Weights of a unit that a lane has in registers from the first step to the last: a GPU has no arrays of them, so a type doubles another.
/// </summary>
/// <typeparam name="TSelf">The weights.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
interface IHeldWeights<TSelf, S> where TSelf : struct, IHeldWeights<TSelf, S> where S : struct, ISlots<S, CudaSingle>
{
    /// <summary>Quads of summands, which are blocks of the cluster.</summary>
    static abstract int Quads { get; }
    /// <summary>Reads those from quad j on.</summary>
    static abstract void Load<W, TRange>(ref TSelf weights, in WeightColumn<W> from, int j)
        where W : unmanaged, IStored<W, float> where TRange : struct, IRange;
    /// <summary>sum + weights * h, whose quads stand 8 apart.</summary>
    static abstract void Fma<TRange>(ref S sum, in TSelf weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange;
}

/// <summary>A lane's weights of a unit, in the layout of the portable tile.</summary>
/// <typeparam name="W">How they are stored.</typeparam>
readonly struct WeightColumn<W>(Buffer<W> weights, int at, int pitch, int operands, int lane)
    where W : unmanaged, IStored<W, float>
{
    readonly Buffer<W> weights = weights;
    readonly int at = at, pitch = pitch, operands = operands, lane = lane;

    /// <summary>
    /// Slots of the range at an element of quad j; behind the operand, where h is 0, others. (A choice of zeros there is one that the
    /// assembler makes anew every step.)
    /// </summary>
    public S Load<S, TRange>(int j, int element) where S : struct, ISlots<S, CudaSingle> where TRange : struct, IRange
    {
        int k = 4 * (lane + ClusterShape.Lanes * j) + element;
        return S.Load(new Column(weights, at + Utilities.Select(k < operands, k, 0) * pitch), TRange.First, TRange.Count);
    }

    readonly struct Column(Buffer<W> weights, int at) : ISlotMemory<CudaSingle>
    {
        readonly Buffer<W> weights = weights;
        readonly int at = at;

        public CudaSingle Load(int slot) => new(W.Value(weights[at + slot * PortableShape.Width]));

        public void Store(int slot, CudaSingle value) { }
    }
}

/// <summary>Four summands.</summary>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct HeldQuad<S> : IHeldWeights<HeldQuad<S>, S> where S : struct, ISlots<S, CudaSingle>
{
    S a, b, c, d;

    public static int Quads => 1;

    public static void Load<W, TRange>(ref HeldQuad<S> weights, in WeightColumn<W> from, int j)
        where W : unmanaged, IStored<W, float> where TRange : struct, IRange
    {
        weights.a = from.Load<S, TRange>(j, 0);
        weights.b = from.Load<S, TRange>(j, 1);
        weights.c = from.Load<S, TRange>(j, 2);
        weights.d = from.Load<S, TRange>(j, 3);
    }

    public static void Fma<TRange>(ref S sum, in HeldQuad<S> weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange
    {
        Quad<float> four = h[at];
        sum = S.Fma(sum, weights.a, new(four.A), TRange.First, TRange.Count);
        sum = S.Fma(sum, weights.b, new(four.B), TRange.First, TRange.Count);
        sum = S.Fma(sum, weights.c, new(four.C), TRange.First, TRange.Count);
        sum = S.Fma(sum, weights.d, new(four.D), TRange.First, TRange.Count);
    }
}

/// <summary>Twice as many.</summary>
/// <typeparam name="T">Half of them.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct HeldTwice<T, S> : IHeldWeights<HeldTwice<T, S>, S> where T : struct, IHeldWeights<T, S> where S : struct, ISlots<S, CudaSingle>
{
    T low, high;

    public static int Quads => 2 * T.Quads;

    public static void Load<W, TRange>(ref HeldTwice<T, S> weights, in WeightColumn<W> from, int j)
        where W : unmanaged, IStored<W, float> where TRange : struct, IRange
    {
        T.Load<W, TRange>(ref weights.low, in from, j);
        T.Load<W, TRange>(ref weights.high, in from, j + T.Quads);
    }

    public static void Fma<TRange>(ref S sum, in HeldTwice<T, S> weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange
    {
        T.Fma<TRange>(ref sum, in weights.low, h, at);
        T.Fma<TRange>(ref sum, in weights.high, h, at + ClusterShape.Lanes * T.Quads);
    }
}

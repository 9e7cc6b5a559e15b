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
    static abstract void Load<TFrom, TRange>(ref TSelf weights, in TFrom from, int j)
        where TFrom : struct, IWeightPlaces where TRange : struct, IRange;
    /// <summary>sum + weights * h, whose quads stand 8 apart.</summary>
    static abstract void Fma<TRange>(ref S sum, in TSelf weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange;
    /// <summary>sum + weights * x, where a slot has an x of its own, as many quads of them as a block has.</summary>
    static abstract void Dot<TRange>(ref S sum, in TSelf weights, ArrayView<Quad<float>> x, int at) where TRange : struct, IRange;
}

/// <summary>Where the weights of a thread are.</summary>
interface IWeightPlaces
{
    /// <summary>Slots of the range at an element of a quad.</summary>
    S Load<S, TRange>(int quad, int element) where S : struct, ISlots<S, CudaSingle> where TRange : struct, IRange;
}

/// <summary>
/// A lane's weights of a unit, in the layout of the portable tile: the forward pass. Behind the operand, where h is 0, others. (A choice of
/// zeros there is one that the assembler makes anew every step.)
/// </summary>
/// <typeparam name="W">How they are stored.</typeparam>
readonly struct WeightsOfUnit<W>(Buffer<W> weights, int at, int pitch, int operands, int lane) : IWeightPlaces
    where W : unmanaged, IStored<W, float>
{
    readonly Buffer<W> weights = weights;
    readonly int at = at, pitch = pitch, operands = operands, lane = lane;

    public S Load<S, TRange>(int quad, int element) where S : struct, ISlots<S, CudaSingle> where TRange : struct, IRange
    {
        int k = 4 * (lane + ClusterShape.Lanes * quad) + element;
        return S.Load(new StoredSlots<W>(weights, at + Utilities.Select(k < operands, k, 0) * pitch), TRange.First, TRange.Count);
    }
}

/// <summary>
/// Weights of a column of some of a block's units, in the same layout: the backward pass. Behind the last unit, whose gradients are 0,
/// others.
/// </summary>
/// <typeparam name="W">How they are stored.</typeparam>
readonly struct WeightsOfColumn<W>(Buffer<W> weights, int unit, int units, int operands, int column, int slots) : IWeightPlaces
    where W : unmanaged, IStored<W, float>
{
    readonly Buffer<W> weights = weights;
    readonly int unit = unit, units = units, operands = operands, column = column, slots = slots;

    public S Load<S, TRange>(int quad, int element) where S : struct, ISlots<S, CudaSingle> where TRange : struct, IRange
    {
        int of = unit + 4 * quad + element, there = Utilities.Select(of < units, of, 0), panel = there / PortableShape.Width;
        int row = panel * operands + Utilities.Select(column < operands, column, 0);
        return S.Load(
            new StoredSlots<W>(weights, row * slots * PortableShape.Width + (there & PortableShape.Width - 1)), TRange.First, TRange.Count);
    }
}

/// <summary>Slots of a unit in packed weights.</summary>
/// <typeparam name="W">How they are stored.</typeparam>
readonly struct StoredSlots<W>(Buffer<W> weights, int at) : ISlotMemory<CudaSingle> where W : unmanaged, IStored<W, float>
{
    readonly Buffer<W> weights = weights;
    readonly int at = at;

    public CudaSingle Load(int slot) => new(W.Value(weights[at + slot * PortableShape.Width]));

    public void Store(int slot, CudaSingle value) { }
}

/// <summary>Four of a sequence for each slot, slots as many quads apart as a block has.</summary>
readonly struct BlockQuads(ArrayView<Quad<float>> memory, int at) : ISlotQuads<CudaSingle>
{
    readonly ArrayView<Quad<float>> memory = memory;
    readonly int at = at;

    public LaneQuad<CudaSingle> Load(int slot)
    {
        Quad<float> four = memory[at + slot * (ClusterShape.Units / 4)];
        return new() { A = new(four.A), B = new(four.B), C = new(four.C), D = new(four.D) };
    }
}

/// <summary>Four summands.</summary>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct HeldQuad<S> : IHeldWeights<HeldQuad<S>, S> where S : struct, ISlots<S, CudaSingle>
{
    S a, b, c, d;

    public static int Quads => 1;

    public static void Load<TFrom, TRange>(ref HeldQuad<S> weights, in TFrom from, int j)
        where TFrom : struct, IWeightPlaces where TRange : struct, IRange
    {
        weights.a = from.Load<S, TRange>(j, 0);
        weights.b = from.Load<S, TRange>(j, 1);
        weights.c = from.Load<S, TRange>(j, 2);
        weights.d = from.Load<S, TRange>(j, 3);
    }

    public static void Fma<TRange>(ref S sum, in HeldQuad<S> weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange =>
        sum = Fma<TRange>(sum, weights.a, weights.b, weights.c, weights.d, h[at]);

    /// <summary>sum + a * x.A + b * x.B + c * x.C + d * x.D.</summary>
    public static S Fma<TRange>(S sum, S a, S b, S c, S d, Quad<float> x) where TRange : struct, IRange
    {
        sum = S.Fma(sum, a, new(x.A), TRange.First, TRange.Count);
        sum = S.Fma(sum, b, new(x.B), TRange.First, TRange.Count);
        sum = S.Fma(sum, c, new(x.C), TRange.First, TRange.Count);
        return S.Fma(sum, d, new(x.D), TRange.First, TRange.Count);
    }

    public static void Dot<TRange>(ref S sum, in HeldQuad<S> weights, ArrayView<Quad<float>> x, int at) where TRange : struct, IRange =>
        sum = S.Dot(sum, weights.a, weights.b, weights.c, weights.d, new BlockQuads(x, at), TRange.First, TRange.Count);
}

/// <summary>Twice as many.</summary>
/// <typeparam name="T">Half of them.</typeparam>
/// <typeparam name="S">Slots of a unit.</typeparam>
struct HeldTwice<T, S> : IHeldWeights<HeldTwice<T, S>, S> where T : struct, IHeldWeights<T, S> where S : struct, ISlots<S, CudaSingle>
{
    T low, high;

    public static int Quads => 2 * T.Quads;

    public static void Load<TFrom, TRange>(ref HeldTwice<T, S> weights, in TFrom from, int j)
        where TFrom : struct, IWeightPlaces where TRange : struct, IRange
    {
        T.Load<TFrom, TRange>(ref weights.low, in from, j);
        T.Load<TFrom, TRange>(ref weights.high, in from, j + T.Quads);
    }

    public static void Fma<TRange>(ref S sum, in HeldTwice<T, S> weights, ArrayView<Quad<float>> h, int at) where TRange : struct, IRange
    {
        T.Fma<TRange>(ref sum, in weights.low, h, at);
        T.Fma<TRange>(ref sum, in weights.high, h, at + ClusterShape.Lanes * T.Quads);
    }
    public static void Dot<TRange>(ref S sum, in HeldTwice<T, S> weights, ArrayView<Quad<float>> x, int at) where TRange : struct, IRange
    {
        T.Dot<TRange>(ref sum, in weights.low, x, at);
        T.Dot<TRange>(ref sum, in weights.high, x, at + T.Quads);
    }
}

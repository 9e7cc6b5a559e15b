using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>weights[r, s] = scale * score(query of r, key of step s); rows of items are (r, s).</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
/// <typeparam name="TScore">The score.</typeparam>
struct AttentionScores<E, L, TAccess, TScore> : IItemWork<AttentionArguments<E>>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
        where TScore : struct, IScore<L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) => a.Rows * a.S;

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int r = item / a.S, s = item - r * a.S, b = TAccess.At(a.SequenceOf, r);
        if (s >= TAccess.At(a.Lengths, b)) return;
        int query = TAccess.At(a.RowOf, r) * a.QueryStride, key = (s * a.B + b) * a.KeyStride;
        L sum = L.Splat(0), vector = sum;
        for (int k = 0; k < a.K; k += TAccess.Width)
        {
            if (TScore.HasVector) vector = TAccess.Load(a.Vector, k, a.K - k);
            sum += TScore.Value(TAccess.Load(a.Query, query + k, a.K - k), TAccess.Load(a.Key, key + k, a.K - k), vector);
        }
        TAccess.Store(a.Weights, item, L.Of(TAccess.Sum(sum)) * L.Of(a.Scale), 1);
    }
}

/// <summary>weights[r, :] = softmax over the steps that live; 0 behind them.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct AttentionSoftmax<E, L, TAccess> : IItemWork<AttentionArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) => a.Rows;

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int r)
    {
        int at = r * a.S, length = TAccess.At(a.Lengths, TAccess.At(a.SequenceOf, r));
        Scores row = new() { Weights = a.Weights, First = at, Count = length };
        L zero = L.Splat(0), most = length > 0 ? row.At(0) : zero;
        for (int s = 1; s < length; s++)
            if (L.Less(most, row.At(s))) most = row.At(s);
        L total = Powers.Sum<Scores, L, L>(row, most, true);
        for (int s = 0; s < length; s++) row.Put(s, row.At(s) / total);
        for (int s = length; s < a.S; s++) TAccess.Store(a.Weights, at + s, zero, 1);
    }

    struct Scores : IRow<L, L>
    {
        public Buffer<E> Weights;
        public int First;
        public int Count { get; init; }

        public readonly int Width => 1;
        public readonly L At(int i) => TAccess.Load(Weights, First + i, 1);
        public readonly void Put(int i, L value) => TAccess.Store(Weights, First + i, value, 1);
        public readonly L Wide(int i) => At(i);
        public readonly void PutWide(int i, L value) => Put(i, value);
        public readonly L Sum(L value) => value;
        public readonly L Spread(L value) => value;
    }
}

/// <summary>output[row] = h and, beside it, the context: the mean of the encoder's outputs under the weights.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct AttentionContext<E, L, TAccess> : IItemWork<AttentionArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) =>
        RowBlock.Count(a.Rows, a.H, TAccess.Block) + RowBlock.Count(a.Rows, a.V, TAccess.Block);

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int copies = RowBlock.Count(a.Rows, a.H, TAccess.Block);
        if (item < copies) Copy(a, RowBlock.Of(item, a.H, TAccess.Block));
        else Mean(a, RowBlock.Of(item - copies, a.V, TAccess.Block));
    }

    static void Copy(in AttentionArguments<E> a, RowBlock block)
    {
        int row = TAccess.At(a.RowOf, block.Row);
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.Output, row * a.OutputStride + i, TAccess.Load(a.Hidden, row * a.HStride + i, block.End - i), block.End - i);
    }

    static void Mean(in AttentionArguments<E> a, RowBlock block)
    {
        int b = TAccess.At(a.SequenceOf, block.Row), length = TAccess.At(a.Lengths, b),
            to = TAccess.At(a.RowOf, block.Row) * a.OutputStride + a.H;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
        {
            L sum = L.Splat(0);
            for (int s = 0; s < length; s++)
                sum = L.Fma(L.Of(TAccess.Number(a.Weights, block.Row * a.S + s)),
                    TAccess.Load(a.Values, (s * a.B + b) * a.VStride + i, block.End - i), sum);
            TAccess.Store(a.Output, to + i, sum, block.End - i);
        }
    }
}

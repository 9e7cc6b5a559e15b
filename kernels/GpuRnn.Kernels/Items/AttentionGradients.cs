using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Items;

/// <summary>dScores[r, s] = the gradient of the context of r times the encoder's output at s: the gradient of the weight.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct AttentionWeightGradient<E, L, TAccess> : IItemWork<AttentionArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) => a.Rows * a.S;

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int r = item / a.S, s = item - r * a.S, b = TAccess.At(a.SequenceOf, r);
        if (s >= TAccess.At(a.Lengths, b)) return;
        int context = TAccess.At(a.RowOf, r) * a.OutputStride + a.H, value = (s * a.B + b) * a.VStride;
        L sum = L.Splat(0);
        for (int i = 0; i < a.V; i += TAccess.Width)
            sum = L.Fma(TAccess.Load(a.DOutput, context + i, a.V - i), TAccess.Load(a.Values, value + i, a.V - i), sum);
        TAccess.Store(a.DScores, item, L.Of(TAccess.Sum(sum)), 1);
    }
}

/// <summary>dScores[r, s] = scale * weight * (dWeight - the mean of dWeight under the weights): back through the softmax.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct AttentionScoreGradient<E, L, TAccess> : IItemWork<AttentionArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) => a.Rows;

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int r)
    {
        int at = r * a.S, length = TAccess.At(a.Lengths, TAccess.At(a.SequenceOf, r));
        L mean = L.Splat(0);
        for (int s = 0; s < length; s++) mean = L.Fma(TAccess.Load(a.Weights, at + s, 1), TAccess.Load(a.DScores, at + s, 1), mean);
        for (int s = 0; s < length; s++)
            TAccess.Store(a.DScores, at + s, L.Of(a.Scale) * TAccess.Load(a.Weights, at + s, 1) * (
                TAccess.Load(a.DScores, at + s, 1) - mean), 1);
    }
}

/// <summary>
/// dHidden[row] = the gradient beside the context, plus the query's where queries are h itself; else the query's gradient has an array of
/// its own.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
/// <typeparam name="TScore">The score.</typeparam>
struct AttentionQueryGradient<E, L, TAccess, TScore> : IItemWork<AttentionArguments<E>>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
        where TScore : struct, IScore<L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) =>
        RowBlock.Count(a.Rows, a.H, TAccess.Block)
        + (TScore.HasVector ? RowBlock.Count(a.Rows, a.K, TAccess.Block) : 0);

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int hidden = RowBlock.Count(a.Rows, a.H, TAccess.Block);
        if (item < hidden) Hidden(a, RowBlock.Of(item, a.H, TAccess.Block));
        else Query(a, RowBlock.Of(item - hidden, a.K, TAccess.Block));
    }

    static void Hidden(in AttentionArguments<E> a, RowBlock block)
    {
        int row = TAccess.At(a.RowOf, block.Row);
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
        {
            L sum = TAccess.Load(a.DOutput, row * a.OutputStride + i, block.End - i);
            if (!TScore.HasVector) sum += Sum(a, block.Row, i, block.End - i);
            TAccess.Store(a.DHidden, row * a.HStride + i, sum, block.End - i);
        }
    }

    static void Query(in AttentionArguments<E> a, RowBlock block)
    {
        int to = TAccess.At(a.RowOf, block.Row) * a.QueryStride;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.DQuery, to + i, Sum(a, block.Row, i, block.End - i), block.End - i);
    }

    static L Sum(in AttentionArguments<E> a, int r, int i, int count)
    {
        int b = TAccess.At(a.SequenceOf, r), length = TAccess.At(a.Lengths, b);
        L sum = L.Splat(0), vector = sum, query = TAccess.Load(a.Query, TAccess.At(a.RowOf, r) * a.QueryStride + i, count);
        if (TScore.HasVector) vector = TAccess.Load(a.Vector, i, count);
        for (int s = 0; s < length; s++)
        {
            L key = TAccess.Load(a.Key, (s * a.B + b) * a.KeyStride + i, count);
            sum = L.Fma(L.Of(TAccess.Number(a.DScores, r * a.S + s)), TScore.QuerySlope(query, key, vector), sum);
        }
        return sum;
    }
}

/// <summary>
/// The gradients of a step of the encoder, summed over the decoder's steps in turn: of its output as a value, plus as a key where keys are
/// the outputs themselves; else the key's has an array of its own.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
/// <typeparam name="TScore">The score.</typeparam>
struct AttentionKeyGradient<E, L, TAccess, TScore> : IItemWork<AttentionArguments<E>>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
        where TScore : struct, IScore<L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) =>
        RowBlock.Count(a.S * a.B, a.V, TAccess.Block)
        + (TScore.HasVector ? RowBlock.Count(a.S * a.B, a.K, TAccess.Block) : 0);

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int values = RowBlock.Count(a.S * a.B, a.V, TAccess.Block);
        if (item < values) Value(a, RowBlock.Of(item, a.V, TAccess.Block));
        else Key(a, RowBlock.Of(item - values, a.K, TAccess.Block));
    }

    static void Value(in AttentionArguments<E> a, RowBlock block)
    {
        int s = block.Row / a.B, b = block.Row % a.B;
        if (s >= TAccess.At(a.Lengths, b)) return;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
        {
            L sum = L.Splat(0);
            for (int r = TAccess.At(a.Starts, b), end = TAccess.At(a.Starts, b + 1); r < end; r++)
            {
                L context = TAccess.Load(a.DOutput, TAccess.At(a.RowOf, r) * a.OutputStride + a.H + i, block.End - i);
                sum = L.Fma(L.Of(TAccess.Number(a.Weights, r * a.S + s)), context, sum);
            }
            if (!TScore.HasVector) sum += Sum(a, s, b, i, block.End - i);
            TAccess.Store(a.DValues, block.Row * a.VStride + i, sum, block.End - i);
        }
    }

    static void Key(in AttentionArguments<E> a, RowBlock block)
    {
        int s = block.Row / a.B, b = block.Row % a.B;
        if (s >= TAccess.At(a.Lengths, b)) return;
        for (int i = block.Begin; i < block.End; i += TAccess.Width)
            TAccess.Store(a.DKey, block.Row * a.KeyStride + i, Sum(a, s, b, i, block.End - i), block.End - i);
    }

    static L Sum(in AttentionArguments<E> a, int s, int b, int i, int count)
    {
        L sum = L.Splat(0), vector = sum, key = TAccess.Load(a.Key, (s * a.B + b) * a.KeyStride + i, count);
        if (TScore.HasVector) vector = TAccess.Load(a.Vector, i, count);
        for (int r = TAccess.At(a.Starts, b), end = TAccess.At(a.Starts, b + 1); r < end; r++)
        {
            L query = TAccess.Load(a.Query, TAccess.At(a.RowOf, r) * a.QueryStride + i, count);
            sum = L.Fma(L.Of(TAccess.Number(a.DScores, r * a.S + s)), TScore.KeySlope(query, key, vector), sum);
        }
        return sum;
    }
}

/// <summary>dv = (dv or 0) + the sum over all steps of both of dScore * tanh(q + k).</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="TAccess">How rows are read.</typeparam>
struct AttentionVectorGradient<E, L, TAccess> : IItemWork<AttentionArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TAccess : struct, IAccess<E, L>
{
    /// <inheritdoc/>
    public static int Items(in AttentionArguments<E> a) => (a.K + TAccess.Width - 1) / TAccess.Width;

    /// <inheritdoc/>
    public static void Item(in AttentionArguments<E> a, int item)
    {
        int i = item * TAccess.Width, count = a.K - i;
        L total = L.Splat(0);
        for (int r = 0; r < a.Rows; r++)
        {
            int b = TAccess.At(a.SequenceOf, r), length = TAccess.At(a.Lengths, b);
            L sum = L.Splat(0), query = TAccess.Load(a.Query, TAccess.At(a.RowOf, r) * a.QueryStride + i, count);
            for (int s = 0; s < length; s++)
            {
                L key = TAccess.Load(a.Key, (s * a.B + b) * a.KeyStride + i, count);
                sum = L.Fma(L.Of(TAccess.Number(a.DScores, r * a.S + s)), L.Tanh(query + key), sum);
            }
            total += sum;
        }
        if (a.Add != 0) total += TAccess.Load(a.DVector, i, count);
        TAccess.Store(a.DVector, i, total, count);
    }
}

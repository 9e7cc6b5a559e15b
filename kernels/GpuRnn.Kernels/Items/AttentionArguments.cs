using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Items;

/// <summary>
/// What attention reads and writes: every living step of a decoder looks at all living steps of the encoder's sequence. Arrays over steps
/// are [T, B, ...] of their batch; a stride is the elements between rows.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
struct AttentionArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>R, living steps of the decoder; S, most steps of the encoder; B of the encoder.</summary>
    public int Rows, S, B;
    /// <summary>Elements of h, of the encoder's output, and of queries and keys.</summary>
    public int H, V, K;
    /// <summary>Strides of the decoder's output, of the encoder's, of queries, of keys, and of what attention gives.</summary>
    public int HStride, VStride, QueryStride, KeyStride, OutputStride;
    /// <summary>What scores are multiplied by.</summary>
    public E Scale;
    /// <summary>[R] Rows of the decoder that live, sequence by sequence.</summary>
    public Buffer<int> RowOf;
    /// <summary>[R] The encoder's sequence of each.</summary>
    public Buffer<int> SequenceOf;
    /// <summary>[B + 1] Where an encoder's sequence begins in <see cref="RowOf"/>.</summary>
    public Buffer<int> Starts;
    /// <summary>[B] Lengths of the encoder's sequences.</summary>
    public Buffer<int> Lengths;
    /// <summary>h of the decoder and output of the encoder.</summary>
    public Buffer<E> Hidden, Values;
    /// <summary>Queries and keys: the same arrays (dot), or their projections (additive).</summary>
    public Buffer<E> Query, Key;
    /// <summary>[K] v of additive scores.</summary>
    public Buffer<E> Vector;
    /// <summary>[R, S] Weights; of the backward pass, gradients of scores.</summary>
    public Buffer<E> Weights, DScores;
    /// <summary>[T, B, H + V] h and context side by side.</summary>
    public Buffer<E> Output, DOutput;
    /// <summary>Gradients.</summary>
    public Buffer<E> DHidden, DValues, DQuery, DKey, DVector;
    /// <summary>1 if the gradient of v is added to what is there.</summary>
    public int Add;
}

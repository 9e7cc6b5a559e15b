using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Kernels.Dense;

/// <summary>
/// What a dense output layer y = g(W a + b) reads and writes, with the loss on it. It works on a list of R rows of a: every living step, or
/// each sequence's last.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
struct OutputArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>R.</summary>
    public int Rows;
    /// <summary>K, elements of a.</summary>
    public int K;
    /// <summary>V, outputs.</summary>
    public int V;
    /// <summary>Elements between rows of a, and of its gradient.</summary>
    public int Stride;
    /// <summary>Elements between rows of y; a multiple of four vectors, what is behind V is 0.</summary>
    public int OutputStride;
    /// <summary>1 if y is to be overwritten by its gradient.</summary>
    public int WantGradient;
    /// <summary>1 if the parameters' gradients are added to what is there.</summary>
    public int AddDw;
    /// <summary>1 if the input's gradient is added to what is there.</summary>
    public int AddDa;
    /// <summary>The loss's own number: label smoothing, Huber's delta.</summary>
    public E Number;
    /// <summary>What the loss and its gradient are multiplied by, such as 1 / R.</summary>
    public E Scale;

    /// <summary>[R] Rows of a.</summary>
    public Buffer<int> RowOf;
    /// <summary>[R] Rows of targets and of what rows count for: those of a, or sequences where last steps alone are read.</summary>
    public Buffer<int> TargetOf;
    /// <summary>[R] Rows of y in the forward pass: their own numbers, or those of a.</summary>
    public Buffer<int> PlaceOf;
    /// <summary>[*, Stride] Input, and its gradient; the latter is empty if nobody wants it.</summary>
    public Buffer<E> A, Da;
    /// <summary>[V, K] and [V] or empty, with their gradients.</summary>
    public Buffer<E> Weights, Bias, DWeights, DBias;
    /// <summary>[block of 4W outputs][K][outputs]: W as the forward pass reads it.</summary>
    public Buffer<E> Packed;
    /// <summary>[block of 4W inputs][V][inputs]: W as the backward pass reads it.</summary>
    public Buffer<E> PackedBack;
    /// <summary>
    /// [*, OutputStride] y at its places, then its gradient if wanted; in the backward pass, the gradient, [R, OutputStride].
    /// </summary>
    public Buffer<E> Y;
    /// <summary>[*] Target classes by row of targets.</summary>
    public Buffer<int> Class;
    /// <summary>[*, V] Target values by row of targets.</summary>
    public Buffer<E> Target;
    /// <summary>[*] What each row of targets counts for (a mask, or weights), or empty for 1.</summary>
    public Buffer<E> RowWeight;
    /// <summary>[R] Loss of each row, scaled.</summary>
    public Buffer<E> Loss;
    /// <summary>[R] The largest output of each row.</summary>
    public Buffer<int> Best;
    /// <summary>[panel of 4W outputs][K][outputs] and [panels * 4W]: gradients before they are unpacked.</summary>
    public Buffer<E> DPacked, DBiasPacked;
    /// <summary>The workers' scratch memory, ScratchStride elements each.</summary>
    public Buffer<E> Scratch;
    /// <summary>Elements of scratch memory a worker.</summary>
    public int ScratchStride;
}

using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>The vanilla recurrent network (Elman 1990): a = g(W_aa a + W_ax x + b), one slot and one gate.</summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="G">g: <see cref="Tanh{L}"/>, <see cref="Relu{L}"/> or <see cref="Logistic{L}"/>.</typeparam>
public struct Rnn<L, G> : ICell<L, Slots1<L>>
    where L : struct, ILane<L>
    where G : struct, IActivation<L>
{
    /// <inheritdoc/>
    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(1);
    /// <inheritdoc/>
    public static int InputCount => 1;
    /// <inheritdoc/>
    public static int HiddenCount => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots1<L> slots, ref State<L> state) => state.H = slots.A = G.Value(slots.A);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots1<L> slots, ref State<L> grad, State<L> previous, State<L> now)
    {
        slots.A = grad.H * G.Slope(slots.A);
        grad.H = L.Splat(0);
    }
}

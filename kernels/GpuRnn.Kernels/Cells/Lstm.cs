using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), as PyTorch has it:
/// c = f * c + i * g, h = o * tanh(c) with i, f, o = sigmoid and g = tanh of W_ih x + b_ih + W_hh h + b_hh. Slots and gates: i f g o.
/// </summary>
/// <typeparam name="L">The lane.</typeparam>
public struct Lstm<L> : ICell<L, Slots4<L>> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(4);
    /// <inheritdoc/>
    public static bool HasC => true;
    /// <inheritdoc/>
    public static int InputCount => 4;
    /// <inheritdoc/>
    public static int HiddenCount => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots4<L> slots, ref State<L> state)
    {
        slots.A = L.Sigmoid(slots.A);
        slots.B = L.Sigmoid(slots.B);
        slots.C = L.Tanh(slots.C);
        slots.D = L.Sigmoid(slots.D);
        state.C = L.Fma(slots.B, state.C, slots.A * slots.C);
        state.H = slots.D * L.Tanh(state.C);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots4<L> slots, ref State<L> grad, State<L> previous, State<L> now)
    {
        L one = L.Splat(1), i = slots.A, f = slots.B, g = slots.C, o = slots.D, tanhC = L.Tanh(now.C);
        L dc = L.Fma(grad.H * o, one - tanhC * tanhC, grad.C);
        slots.A = dc * g * (i * (one - i));
        slots.B = dc * previous.C * (f * (one - f));
        slots.C = dc * i * (one - g * g);
        slots.D = grad.H * tanhC * (o * (one - o));
        grad.C = dc * f;
        grad.H = L.Splat(0);
    }
}

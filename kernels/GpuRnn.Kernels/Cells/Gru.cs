using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014) with the reset gate after the hidden product, as PyTorch has it: r, z = sigmoid,
/// n = tanh(n_x + r * n_h), h = (1 - z) * n + z * h. Gates: r z n. Slots: n_x r z n_h, so that the input product fills the first
/// three and the hidden product the last three.
/// </summary>
/// <typeparam name="L">The lane.</typeparam>
struct Gru<L> : ICell<L, Slots4<L>> where L : struct, ILane<L>
{
    /// <inheritdoc/>
    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(3);
    /// <inheritdoc/>
    public static bool CarriesH => true;
    /// <inheritdoc/>
    public static int InputCount => 3;
    /// <inheritdoc/>
    public static int HiddenFirst => 1;
    /// <inheritdoc/>
    public static int HiddenCount => 3;
    /// <inheritdoc/>
    public static int InputGate(int slot) => slot == 0 ? 2 : slot - 1;
    /// <inheritdoc/>
    public static int HiddenGate(int slot) => slot - 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots4<L> slots, ref State<L> state)
    {
        slots.B = L.Sigmoid(slots.B);
        slots.C = L.Sigmoid(slots.C);
        slots.A = L.Tanh(L.Fma(slots.B, slots.D, slots.A));
        state.H = L.Fma(slots.C, state.H - slots.A, slots.A);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots4<L> slots, ref State<L> grad, State<L> previous, State<L> now)
    {
        L one = L.Splat(1), n = slots.A, r = slots.B, z = slots.C, hiddenN = slots.D;
        L dn = grad.H * (one - z) * (one - n * n);
        slots.A = dn;
        slots.B = dn * hiddenN * (r * (one - r));
        slots.C = grad.H * (previous.H - n) * (z * (one - z));
        slots.D = dn * r;
        grad.H = grad.H * z;
    }
}

using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>
/// A cell that only the tests know, the one of docs/adding-a-cell.md: the minimal gated unit (Zhou et al. 2016, in the form with the gate
/// behind the hidden product): f = sigmoid(W_f x + U_f h + b), n = tanh(W_n x + b + f * (U_n h + b')), h = (1 - f) * h + f * n.
/// </summary>
public struct MinimalGatedUnit<L> : ICell<L, Slots3<L>> where L : struct, ILane<L>
{
    // gates f n; slots n_x f n_h, so that x fills the first two and h the last two
    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(2);
    public static bool CarriesH => true;
    public static int InputCount => 2;
    public static int HiddenFirst => 1;
    public static int HiddenCount => 2;
    public static int InputGate(int slot) => 1 - slot;
    public static int HiddenGate(int slot) => slot - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots3<L> slots, ref State<L> state)
    {
        slots.B = L.Sigmoid(slots.B);
        slots.A = L.Tanh(L.Fma(slots.B, slots.C, slots.A));
        state.H = L.Fma(slots.B, slots.A - state.H, state.H);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots3<L> slots, ref State<L> grad, State<L> previous, State<L> now)
    {
        L one = L.Splat(1), n = slots.A, f = slots.B, hidden = slots.C;
        L dn = grad.H * f * (one - n * n);
        slots.A = dn;
        slots.B = (grad.H * (n - previous.H) + dn * hidden) * (f * (one - f));
        slots.C = dn * f;
        grad.H = grad.H * (one - f);
    }
}

/// <summary>The same for the reference; gates f n.</summary>
sealed class MinimalGatedUnitCell : TestCell
{
    public override string Name => "mgu";
    public override Type Definition => typeof(MinimalGatedUnit<>);
    public override int Gates => 2;
    public override bool HasC => false;

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c) => (Units(hidden, j =>
    {
        Var f = w.Both(j, x, h).Sigmoid(), n = (w.Input(hidden + j, x) + f * w.Hidden(hidden + j, h)).Tanh();
        return (1 - f) * h[j] + f * n;
    }), c);
}

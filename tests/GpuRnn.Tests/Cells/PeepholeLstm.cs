using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>
/// An LSTM whose gates see c through a weight of each unit (Gers and Schmidhuber 2000): i and f that of the step before, o the new one.
/// </summary>
public struct PeepholeLstm<L> : ICell<L, Slots4<L>, Slots3<L>> where L : struct, ILane<L>
{
    public static IReadOnlyList<CellTensor> Tensors => [.. CellTensor.OfGates(4), CellTensor.OfUnits("weight_peephole", 3)];
    public static bool HasC => true;
    public static int InputCount => 4;
    public static int HiddenCount => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots4<L> slots, Slots3<L> unit, ref State<L> state)
    {
        slots.A = L.Sigmoid(L.Fma(unit.A, state.C, slots.A));
        slots.B = L.Sigmoid(L.Fma(unit.B, state.C, slots.B));
        slots.C = L.Tanh(slots.C);
        state.C = L.Fma(slots.B, state.C, slots.A * slots.C);
        slots.D = L.Sigmoid(L.Fma(unit.C, state.C, slots.D));
        state.H = slots.D * L.Tanh(state.C);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots4<L> slots, Slots3<L> unit, ref State<L> grad, State<L> previous, State<L> now)
    {
        L one = L.Splat(1), i = slots.A, f = slots.B, g = slots.C, o = slots.D, tanhC = L.Tanh(now.C);
        slots.D = grad.H * tanhC * (o * (one - o));
        L dc = L.Fma(grad.H * o, one - tanhC * tanhC, L.Fma(slots.D, unit.C, grad.C));
        slots.A = dc * g * (i * (one - i));
        slots.B = dc * previous.C * (f * (one - f));
        slots.C = dc * i * (one - g * g);
        grad.C = L.Fma(slots.A, unit.A, L.Fma(slots.B, unit.B, dc * f));
        grad.H = L.Splat(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots3<L> UnitGradient(Slots4<L> slots, State<L> previous, State<L> now) =>
        new() { A = slots.A * previous.C, B = slots.B * previous.C, C = slots.D * now.C };
}

/// <summary>The same for the reference.</summary>
class PeepholeLstmCell : TestCell
{
    public override string Name => "lstm_peephole";
    public override Type Definition => typeof(PeepholeLstm<>);
    public override int Gates => 4;
    public override bool HasC => true;
    public override IEnumerable<(string, int, int)> Others(int hidden) => [("weight_peephole", 3 * hidden, 1)];

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c)
    {
        Var[] p = w.Others["weight_peephole"];
        Var[] next = Units(hidden, j =>
            (w.Both(hidden + j, x, h) + p[hidden + j] * c[j]).Sigmoid() * c[j]
            + (w.Both(j, x, h) + p[j] * c[j]).Sigmoid() * w.Both(2 * hidden + j, x, h).Tanh());
        return (Units(hidden, j => (w.Both(3 * hidden + j, x, h) + p[2 * hidden + j] * next[j]).Sigmoid() * next[j].Tanh()), next);
    }
}

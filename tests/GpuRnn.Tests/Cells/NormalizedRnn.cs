using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>
/// A recurrent network with layer normalisation (Ba, Kiros and Hinton 2016): z = W_ih x + W_hh h + b, h = tanh(gain * (z - mean) /
/// deviation + shift), mean and deviation of z over all hidden units. Slots: z, then its gradient; the normalised z; h, then the gradient
/// of what tanh reads.
/// </summary>
public struct NormalizedRnn<L> : INormalizedCell<L, Slots3<L>, Slots2<L>, Slots2<L>> where L : struct, ILane<L>
{
    public const double Epsilon = 1e-5;

    public static IReadOnlyList<CellTensor> Tensors =>
        [.. CellTensor.OfGates(1), CellTensor.OfUnits("weight_norm", 1) with { Start = 1 },
            CellTensor.OfUnits("bias_norm", 1) with { Start = 0 }];
    public static int InputCount => 1;
    public static int HiddenCount => 1;

    /// <summary>The mean, then the deviation from it.</summary>
    public static int Rounds => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> Term(int round, Slots3<L> slots, Slots2<L> row)
    {
        L centred = slots.A - row.A;
        return round == 0 ? new() { A = slots.A, B = L.Splat(0) } : new() { A = L.Splat(0), B = centred * centred };
    }

    /// <summary>Mean and inverse deviation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> Settle(int round, Slots2<L> sums, L units, Slots2<L> row) => round == 0
        ? new() { A = sums.A / units, B = L.Splat(0) }
        : new() { A = row.A, B = L.Splat(1) / L.Sqrt(sums.B / units + L.Splat(Epsilon)) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots3<L> slots, Slots2<L> unit, Slots2<L> row, ref State<L> state)
    {
        slots.B = (slots.A - row.A) * row.B;
        state.H = slots.C = L.Tanh(L.Fma(unit.A, slots.B, unit.B));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots3<L> slots, Slots2<L> unit, Slots2<L> row, ref State<L> grad, State<L> previous, State<L> now)
    {
        slots.C = grad.H * (L.Splat(1) - slots.C * slots.C);
        grad.H = L.Splat(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> GradientTerm(Slots3<L> slots, Slots2<L> unit, Slots2<L> row)
    {
        L gradient = slots.C * unit.A;
        return new() { A = gradient, B = gradient * slots.B };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Through(ref Slots3<L> slots, Slots2<L> unit, Slots2<L> row, Slots2<L> sums, L units) =>
        slots.A = row.B * (slots.C * unit.A - sums.A / units - slots.B * (sums.B / units));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Slots2<L> UnitGradient(Slots3<L> slots, State<L> previous, State<L> now) => new() { A = slots.C * slots.B, B = slots.C };
}

/// <summary>The same for the reference.</summary>
sealed class NormalizedRnnCell : TestCell
{
    public override string Name => "rnn_normalized";
    public override Type Definition => typeof(NormalizedRnn<>);
    public override int Gates => 1;
    public override bool HasC => false;
    /// <summary>Normalised, two units are 1 and -1 whatever z is; from four on the gradient has two directions to lie in.</summary>
    public override int FewestHidden => 4;
    public override IEnumerable<(string, int, int)> Others(int hidden) => [("weight_norm", hidden, 1), ("bias_norm", hidden, 1)];

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c)
    {
        Var[] z = Units(hidden, j => w.Both(j, x, h));
        Var share = w.Tape.Leaf(1.0 / hidden), mean = z.Aggregate((a, b) => a + b) * share;
        Var[] centred = [.. z.Select(v => v - mean)];
        Var inverse = (w.Tape.Dot(centred, centred) * share + w.Tape.Leaf(NormalizedRnn<ScalarDouble>.Epsilon)).InverseRoot();
        return (Units(hidden, j => (w.Others["weight_norm"][j] * (centred[j] * inverse) + w.Others["bias_norm"][j]).Tanh()), c);
    }
}

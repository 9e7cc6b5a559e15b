using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>
/// Two stages, of which x reaches the second alone: r = sigmoid(W_hr h + b_hr), h = tanh(W_in x + b_in + W_hn (r * h) + b_hn). Gates r n of
/// the hidden product, n of the input product.
/// </summary>
public struct RecallingRnn<L> : ITwoStageCell<L, Slots1<L>, Slots1<L>, Recall, Recalled> where L : struct, ILane<L>
{
    public static IReadOnlyList<CellTensor> Tensors =>
        [new("weight_ih", TensorRole.Input, 1), new("weight_hh", TensorRole.Hidden, 2), new("bias_ih", TensorRole.InputBias, 1),
            new("bias_hh", TensorRole.HiddenBias, 2)];
    public static bool CarriesH => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Inner(ref Slots1<L> first, State<L> previous)
    {
        first.A = L.Sigmoid(first.A);
        return first.A * previous.H;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots1<L> first, ref Slots1<L> second, ref State<L> state) => state.H = second.A = L.Tanh(second.A);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots1<L> first, ref Slots1<L> second, ref State<L> grad, State<L> previous, State<L> now)
    {
        second.A = grad.H * (L.Splat(1) - second.A * second.A);
        grad.H = L.Splat(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L InnerBackward(ref Slots1<L> first, L dq, State<L> previous)
    {
        L r = first.A;
        first.A = dq * previous.H * (r * (L.Splat(1) - r));
        return dq * r;
    }
}

/// <summary>The stage that x does not reach.</summary>
public struct Recall : IStage
{
    public static int InputCount => 0;
    public static int HiddenCount => 1;
}

/// <summary>The stage that it reaches.</summary>
public struct Recalled : IStage
{
    public static int InputCount => 1;
    public static int HiddenCount => 1;
    public static int HiddenGate(int slot) => 1;
}

/// <summary>The same for the reference; gates r n.</summary>
sealed class RecallingRnnCell : TestCell
{
    public override string Name => "rnn_recalling";
    public override Type Definition => typeof(RecallingRnn<>);
    public override int Gates => 2;
    public override int InputGates => 1;
    public override bool HasC => false;

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c)
    {
        Var[] recalled = Units(hidden, j => w.Hidden(j, h).Sigmoid() * h[j]);
        return (Units(hidden, j => (w.Input(j, x) + w.Hidden(hidden + j, recalled)).Tanh()), c);
    }
}

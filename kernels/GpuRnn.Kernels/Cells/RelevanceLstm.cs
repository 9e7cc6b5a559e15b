using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>
/// The relevance-gated LSTM of the lecture that this project grew out of. Gates u (update), r (relevance), f (forget) and
/// o (output) = sigmoid(W x + U a + b); candidate n = tanh(W_c x + U_c (r * a) + b_c), where r * a of all units enters a second
/// product; c = u * n + f * c; a = o * g(c). Stacked gates: u r f o c; one bias.
/// </summary>
/// <typeparam name="L">The lane.</typeparam>
/// <typeparam name="G">g: <see cref="Identity{L}"/> as in the lecture, or <see cref="Tanh{L}"/>.</typeparam>
struct RelevanceLstm<L, G> : ITwoStageCell<L, Slots4<L>, Slots1<L>, RelevanceGates, RelevanceCandidate>
    where L : struct, ILane<L>
    where G : struct, IActivation<L>
{
    /// <inheritdoc/>
    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(5, oneBias: true);
    /// <inheritdoc/>
    public static bool HasC => true;
    /// <inheritdoc/>
    public static bool CarriesH => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Inner(ref Slots4<L> first, State<L> previous)
    {
        first.A = L.Sigmoid(first.A);
        first.B = L.Sigmoid(first.B);
        first.C = L.Sigmoid(first.C);
        first.D = L.Sigmoid(first.D);
        return first.B * previous.H;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Slots4<L> first, ref Slots1<L> second, ref State<L> state)
    {
        second.A = L.Tanh(second.A);
        state.C = L.Fma(first.C, state.C, first.A * second.A);
        state.H = first.D * G.Value(state.C);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Slots4<L> first, ref Slots1<L> second, ref State<L> grad, State<L> previous, State<L> now)
    {
        L one = L.Splat(1), u = first.A, f = first.C, o = first.D, n = second.A, y = G.Value(now.C);
        L dc = L.Fma(grad.H * o, G.Slope(y), grad.C);
        first.A = dc * n * (u * (one - u));
        first.C = dc * previous.C * (f * (one - f));
        first.D = grad.H * y * (o * (one - o));
        second.A = dc * u * (one - n * n);
        grad.C = dc * f;
        grad.H = L.Splat(0);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L InnerBackward(ref Slots4<L> first, L dq, State<L> previous)
    {
        L r = first.B;
        first.B = dq * previous.H * (r * (L.Splat(1) - r));
        return dq * r;
    }
}

/// <summary>First stage of <see cref="RelevanceLstm{L, G}"/>: u r f o.</summary>
struct RelevanceGates : IStage
{
    /// <inheritdoc/>
    public static int InputCount => 4;
    /// <inheritdoc/>
    public static int HiddenCount => 4;
}

/// <summary>Second stage of <see cref="RelevanceLstm{L, G}"/>: the candidate.</summary>
struct RelevanceCandidate : IStage
{
    /// <inheritdoc/>
    public static int InputCount => 1;
    /// <inheritdoc/>
    public static int HiddenCount => 1;
    /// <inheritdoc/>
    public static int InputGate(int slot) => 4;
    /// <inheritdoc/>
    public static int HiddenGate(int slot) => 4;
}

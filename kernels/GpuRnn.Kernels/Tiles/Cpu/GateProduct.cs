using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Sequence;

namespace GpuRnn.Kernels.Tiles.Cpu;

/// <summary>Addresses of one tile of a stage's gate product.</summary>
unsafe struct GateTile<E> where E : unmanaged
{
    /// <summary>Rows of x; with indices, A is the address of the first row's index and Rows are not used.</summary>
    public Rows<E> X;
    /// <summary>Indices of the rows, if x is given so.</summary>
    public fixed int Index[6];
    /// <summary>Rows of h (or q).</summary>
    public Rows<E> H;
    /// <summary>The panel's weights.</summary>
    public E* InputWeights, HiddenWeights, Bias;
    /// <summary>Elements from this panel to the next one.</summary>
    public nint InputStride, HiddenStride;
    /// <summary>Input size and hidden size; the latter is 0 where h is zero.</summary>
    public int I, H_;
    /// <summary>Where the pre-activations go: [row][S * W], or [panel][S * W] for one row.</summary>
    public E* Z;
}

/// <summary>z = b + W_ih x + W_hh h in registers for one tile: the input and the hidden product in one go.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
/// <typeparam name="S">The slots.</typeparam>
/// <typeparam name="G">The stage.</typeparam>
/// <typeparam name="TInput">Dense or indices.</typeparam>
static unsafe class GateProduct<E, L, S, G, TInput>
    where E : unmanaged
    where L : struct, IVector<L, E>
    where S : struct, ISlots<S, L>
    where G : struct, IStage
    where TInput : struct, IInput
{
    static nint XStep => G.InputCount * L.Width;
    static nint HStep => G.HiddenCount * L.Width;
    static nint ZStep => S.Count * L.Width;

    /// <summary>Panels that one row takes at a time.</summary>
    public static int MostPanels => S.Count >= 3 ? 2 : 6;

    public static void Rows(int rows, in GateTile<E> t)
    {
        switch (rows)
        {
            case 6: Rows<Rows6>(t); break;
            case 5: Rows<Rows5>(t); break;
            case 4: Rows<Rows4>(t); break;
            case 3: Rows<Rows3>(t); break;
            case 2: Rows<Rows2>(t); break;
            default: Panels<Rows1>(t); break;
        }
    }

    public static void Panels(int panels, in GateTile<E> t)
    {
        switch (panels)
        {
            case 6: Panels<Rows6>(t); break;
            case 5: Panels<Rows5>(t); break;
            case 4: Panels<Rows4>(t); break;
            case 3: Panels<Rows3>(t); break;
            case 2: Panels<Rows2>(t); break;
            default: Panels<Rows1>(t); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static S Bias(in GateTile<E> t, int panel) => S.Load(new Pointer<E, L>(t.Bias + panel * ZStep), 0, S.Count);

    /// <summary>s plus the column of W_ih that an index names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static S Gather(S s, E* weights, int index) =>
        S.Fma(s, S.Load(new Pointer<E, L>(weights + index * XStep), G.InputFirst, G.InputCount), L.Splat(1), G.InputFirst, G.InputCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(E* z, int at, S s) => S.Store(new Pointer<E, L>(z + at * ZStep), s, 0, S.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows<R>(in GateTile<E> t) where R : struct, IRows
    {
        S s0 = Bias(t, 0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
        if (TInput.IsIndex)
        {
            s0 = Gather(s0, t.InputWeights, t.Index[0]);
            if (R.Count > 1) s1 = Gather(s1, t.InputWeights, t.Index[1]);
            if (R.Count > 2) s2 = Gather(s2, t.InputWeights, t.Index[2]);
            if (R.Count > 3) s3 = Gather(s3, t.InputWeights, t.Index[3]);
            if (R.Count > 4) s4 = Gather(s4, t.InputWeights, t.Index[4]);
            if (R.Count > 5) s5 = Gather(s5, t.InputWeights, t.Index[5]);
        }
        else
            Product<E, L, S>.Accumulate<R>(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5,
                t.X, Walk.Along(t.I), t.InputWeights, XStep, G.InputFirst, G.InputCount);
        Product<E, L, S>.Accumulate<R>(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5,
            t.H, Walk.Along(t.H_), t.HiddenWeights, HStep, G.HiddenFirst, G.HiddenCount);
        Store(t.Z, 0, s0);
        if (R.Count > 1) Store(t.Z, 1, s1);
        if (R.Count > 2) Store(t.Z, 2, s2);
        if (R.Count > 3) Store(t.Z, 3, s3);
        if (R.Count > 4) Store(t.Z, 4, s4);
        if (R.Count > 5) Store(t.Z, 5, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Panels<R>(in GateTile<E> t) where R : struct, IRows
    {
        S s0 = Bias(t, 0), s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (R.Count > 1) s1 = Bias(t, 1);
        if (R.Count > 2) s2 = Bias(t, 2);
        if (R.Count > 3) s3 = Bias(t, 3);
        if (R.Count > 4) s4 = Bias(t, 4);
        if (R.Count > 5) s5 = Bias(t, 5);
        if (TInput.IsIndex)
        {
            s0 = Gather(s0, t.InputWeights, t.Index[0]);
            if (R.Count > 1) s1 = Gather(s1, t.InputWeights + t.InputStride, t.Index[0]);
            if (R.Count > 2) s2 = Gather(s2, t.InputWeights + 2 * t.InputStride, t.Index[0]);
            if (R.Count > 3) s3 = Gather(s3, t.InputWeights + 3 * t.InputStride, t.Index[0]);
            if (R.Count > 4) s4 = Gather(s4, t.InputWeights + 4 * t.InputStride, t.Index[0]);
            if (R.Count > 5) s5 = Gather(s5, t.InputWeights + 5 * t.InputStride, t.Index[0]);
        }
        else
            Product<E, L, S>.AccumulateGroups<R>(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5,
                t.X.A, Walk.Along(t.I), t.InputWeights, XStep, t.InputStride, G.InputFirst, G.InputCount);
        Product<E, L, S>.AccumulateGroups<R>(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5,
            t.H.A, Walk.Along(t.H_), t.HiddenWeights, HStep, t.HiddenStride, G.HiddenFirst, G.HiddenCount);
        Store(t.Z, 0, s0);
        if (R.Count > 1) Store(t.Z, 1, s1);
        if (R.Count > 2) Store(t.Z, 2, s2);
        if (R.Count > 3) Store(t.Z, 3, s3);
        if (R.Count > 4) Store(t.Z, 4, s4);
        if (R.Count > 5) Store(t.Z, 5, s5);
    }
}

using GpuRnn.Kernels.Cells;
using ILGPU;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Pack(in SequenceArguments<E> a, int worker, int workers)
    {
        PackStage<S1, G1>(a, a.First, worker, workers);
        if (TStep.Stages > 1) PackStage<S2, G2>(a, a.Second, worker, workers);
    }

    static void PackStage<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, int worker, int workers)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        for (int panel = Part.Share(a.Panels, worker, workers); panel < Part.Share(a.Panels, worker + 1, workers); panel++)
        {
            int unit0 = panel * L.Width, units = Math.Min(L.Width, a.H - unit0);
            E* input = Native.Address(stage.Input) + (nint)panel * a.I * G.InputCount * L.Width;
            E* hidden = Native.Address(stage.Hidden) + (nint)panel * a.H * G.HiddenCount * L.Width;
            for (int s = 0; s < G.InputCount; s++)
            {
                int gate = G.InputGate(G.InputFirst + s);
                PackPanel(Native.Address(a.Parameters.InputWeights), gate * a.H + unit0, units, a.I, input + s * L.Width, G.InputCount * L.Width);
                if (stage.InputBack.Address != 0 && !TInput.IsIndex)
                    PackBack(Native.Address(a.Parameters.InputWeights), gate * a.H + unit0, units, a.I,
                        Native.Address(stage.InputBack), a.Panels * G.InputCount * L.Width, (panel * G.InputCount + s) * L.Width);
            }
            for (int s = 0; s < G.HiddenCount; s++)
            {
                int gate = G.HiddenGate(G.HiddenFirst + s);
                PackPanel(Native.Address(a.Parameters.HiddenWeights), gate * a.H + unit0, units, a.H, hidden + s * L.Width, G.HiddenCount * L.Width);
                if (stage.HiddenBack.Address != 0)
                    PackBack(Native.Address(a.Parameters.HiddenWeights), gate * a.H + unit0, units, a.H,
                        Native.Address(stage.HiddenBack), a.Panels * G.HiddenCount * L.Width, (panel * G.HiddenCount + s) * L.Width);
            }
            PackBias<S, G>(a, Native.Address(stage.Bias) + (nint)panel * S.Count * L.Width, unit0, units);
        }
    }

    /// <summary>Rows of W become a vector of units for every column.</summary>
    static void PackPanel(E* w, nint row, int units, int columns, E* to, nint step)
    {
        w += row * columns;
        for (int c = 0; c < columns; c++)
            for (int u = 0; u < L.Width; u++) to[c * step + u] = u < units ? w[(nint)u * columns + c] : default;
    }

    /// <summary>Rows of W, for the product the other way round: see Columns.</summary>
    static void PackBack(E* w, nint row, int units, int columns, E* to, nint k, nint k0)
    {
        int vectors = (columns + C.Width - 1) / C.Width;
        for (int vector = 0, n; vector < vectors; vector += n)
        {
            E* block = Columns<E, C>.Block(to, vectors, k, vector, vectors, out n, out nint stride);
            int column = vector * C.Width, count = Math.Min(n * C.Width, columns - column);
            for (int u = 0; u < L.Width; u++)
            {
                E* at = block + (k0 + u) * stride;
                Native.Clear(at, (int)stride);
                if (u < units) Native.Copy(w + (row + u) * columns + column, at, count);
            }
        }
    }

    static void PackBias<S, G>(in SequenceArguments<E> a, E* to, int unit0, int units) where S : struct, ISlots<S, L> where G : struct, IStage
    {
        for (int s = 0; s < S.Count; s++, to += L.Width)
        {
            L sum = L.Splat(0);
            if (G.InputFirst <= s && s < G.InputFirst + G.InputCount) sum += BiasOf(a.Parameters.InputBias, G.InputGate(s) * a.H + unit0, units);
            if (G.HiddenFirst <= s && s < G.HiddenFirst + G.HiddenCount) sum += BiasOf(a.Parameters.HiddenBias, G.HiddenGate(s) * a.H + unit0, units);
            L.Store(to, sum);
        }
    }

    static L BiasOf(in Buffer<E> bias, int at, int units) => LoadOrZero<Cut>(Native.Address(bias), at, units);
}

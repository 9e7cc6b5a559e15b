using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    [IntrinsicImplementation]
    public static void Pack(in SequenceArguments<E> a, int worker, int workers)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        nint inputStep = TStage.InputCount * L.Width, hiddenStep = TStage.HiddenCount * L.Width;
        E* inputWeights = Native.Address(stage.Parameters.InputWeights), hiddenWeights = Native.Address(stage.Parameters.HiddenWeights);
        for (int panel = Part.Share(stage.Panels, worker, workers); panel < Part.Share(stage.Panels, worker + 1, workers); panel++)
        {
            int unit0 = panel * L.Width, units = Math.Min(L.Width, stage.Units - unit0);
            W* input = (W*)stage.Input.Address + panel * a.Inputs * inputStep, hidden = (W*)stage.Hidden.Address
                + panel * stage.Operands * hiddenStep;
            for (int s = 0; s < TStage.InputCount; s++)
            {
                int row = TStage.InputGate(TStage.InputFirst + s) * stage.Units + unit0;
                if (W.IsScaled) PackBytes(inputWeights, row, units, a.Inputs, (byte*)stage.Input.Address + panel * PanelBytes(
                    a.Inputs, TStage.InputCount), s, TStage.InputCount);
                else PackPanel(inputWeights, row, units, a.Inputs, input, s, TStage.InputCount);
                if (stage.InputBack.Address != 0 && !TInput.IsIndex)
                    PackBack(inputWeights, row, units, a.Inputs, (W*)stage.InputBack.Address, stage.Panels * inputStep, panel * inputStep
                        + s * L.Width);
            }
            for (int s = 0; s < TStage.HiddenCount; s++)
            {
                int row = TStage.HiddenGate(TStage.HiddenFirst + s) * stage.Units + unit0;
                if (W.IsScaled) PackBytes(hiddenWeights, row, units, stage.Operands, (byte*)stage.Hidden.Address + panel * PanelBytes(
                    stage.Operands, TStage.HiddenCount), s, TStage.HiddenCount);
                else PackPanel(hiddenWeights, row, units, stage.Operands, hidden, s, TStage.HiddenCount);
                if (stage.HiddenBack.Address != 0)
                    PackBack(hiddenWeights, row, units, stage.Operands, (W*)stage.HiddenBack.Address, stage.Panels * hiddenStep,
                        panel * hiddenStep + s * L.Width);
            }
            PackBias(stage, Native.Address(stage.Bias) + panel * S.Count * L.Width, unit0, units);
            E* unit = Native.Address(stage.Unit) + panel * P.Count * L.Width;
            for (int p = 0; p < P.Count; p++)
                L.Store(unit + p * L.Width, LoadOrZero<Cut>(Native.Address(stage.Parameters.Unit), p * stage.Units + unit0, units));
        }
    }

    /// <summary>Rows of W become a vector of units for every column, one of `slots` that lie side by side.</summary>
    static void PackPanel(E* w, nint row, int units, int columns, W* to, int slot, int slots)
    {
        w += row * columns;
        nint* place = stackalloc nint[L.Width];
        for (int u = 0; u < L.Width; u++) place[u] = W.Place<L>(slot, u, slots);
        for (int c = 0; c < columns; c++, to += slots * L.Width)
            for (int u = 0; u < L.Width; u++) to[place[u]] = W.Of(u < units ? w[(nint)u * columns + c] : default);
    }

    /// <summary>
    /// Rows of W, for the product the other way round: see Columns. Only training has it, and what lays out vectors together is for
    /// inference.
    /// </summary>
    static void PackBack(E* w, nint row, int units, int columns, W* to, nint k, nint k0)
    {
        int vectors = (columns + C.Width - 1) / C.Width;
        for (int vector = 0, n; vector < vectors; vector += n)
        {
            W* block = Columns<E, G, W, C>.Block(to, vectors, k, vector, vectors, out n, out nint stride);
            int column = vector * C.Width, count = Math.Min(n * C.Width, columns - column);
            for (int u = 0; u < L.Width; u++)
            {
                W* at = block + (k0 + u) * stride;
                E* from = w + (row + u) * columns + column;
                if (!W.IsPlain)
                    for (int c = 0; c < stride; c++) at[c] = W.Of(u < units && c < count ? from[c] : default);
                else
                {
                    Native.Clear((E*)at, (int)stride);
                    if (u < units) Native.Copy(from, (E*)at, count);
                }
            }
        }
    }

    static void PackBias(in StageArguments<E> stage, E* to, int unit0, int units)
    {
        for (int s = 0; s < S.Count; s++, to += L.Width)
        {
            L sum = L.Splat(0);
            if (TStage.InputFirst <= s && s < TStage.InputFirst + TStage.InputCount)
                sum += BiasOf(stage.Parameters.InputBias, TStage.InputGate(s) * stage.Units + unit0, units);
            if (TStage.HiddenFirst <= s && s < TStage.HiddenFirst + TStage.HiddenCount)
                sum += BiasOf(stage.Parameters.HiddenBias, TStage.HiddenGate(s) * stage.Units + unit0, units);
            L.Store(to, sum);
        }
    }

    static L BiasOf(in Buffer<E> bias, int at, int units) => LoadOrZero<Cut>(Native.Address(bias), at, units);
}

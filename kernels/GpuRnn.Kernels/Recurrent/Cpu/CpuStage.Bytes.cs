using GpuRnn.Kernels.Cells;

namespace GpuRnn.Kernels.Recurrent.Cpu;

/// <summary>Weights in bytes: see <see cref="Scaled{E, L, D}"/>.</summary>
unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>Bytes of a panel without its scales and sums.</summary>
    static nint DotBytes(int columns, int slots) => (nint)ByteRows.Groups(columns) * 4 * slots * L.Width;

    /// <summary>Bytes of a panel.</summary>
    static nint PanelBytes(int columns, int slots) => DotBytes(columns, slots) + 8 * slots * L.Width;

    /// <summary>Rows of W, one gate's units of a panel, become bytes with a scale each.</summary>
    static void PackBytes(E* w, nint row, int units, int columns, byte* panel, int slot, int slots)
    {
        float* rows = (float*)w + row * columns;
        byte* behind = panel + DotBytes(columns, slots);
        float* scales = (float*)behind + slot * L.Width;
        int* sums = (int*)behind + (slots + slot) * L.Width;
        for (int u = 0; u < L.Width; u++)
        {
            float* from = rows + (nint)u * columns;
            float largest = 0;
            for (int c = 0; u < units && c < columns; c++) largest = MathF.Max(largest, MathF.Abs(from[c]));
            float inverse = largest > 0 ? 127 / largest : 0;
            sbyte* to = (sbyte*)panel + (slot * L.Width + u) * 4;
            int sum = 0;
            for (int c = 0; c < ByteRows.Groups(columns) * 4; c++)
            {
                sbyte whole = u < units && c < columns ? Whole(from[c] * inverse) : (sbyte)0;
                to[(nint)(c / 4) * 4 * slots * L.Width + c % 4] = whole;
                sum += whole;
            }
            (scales[u], sums[u]) = (largest / 127, ByteRows.Zero * sum);
        }
    }

    static sbyte Whole(float scaled) => float.IsFinite(scaled) ? (sbyte)Math.Clamp((int)MathF.Round(scaled), -127, 127) : (sbyte)0;

    /// <summary>A step, a block of rows at a time.</summary>
    static void RowsInBytes(in CpuWorker worker, in SequenceArguments<E> a, in Part part, int step, int end)
    {
        for (int row = part.Row0; row < end; row += ByteRows.Block)
            BlockInBytes(worker, a, part, step, row, Math.Min(row + ByteRows.Block, end));
    }

    /// <summary>Rows of x and of the operand in bytes, then tiles of them under each panel, and what follows on each tile.</summary>
    static void BlockInBytes(in CpuWorker worker, in SequenceArguments<E> a, in Part part, int step, int begin, int end)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        bool hidden = !TPlace.IsFirst || step > 0 || a.H0.Address != 0;
        int zStep = S.Count * L.Width;
        int inputs = Dense ? ByteRows.Groups(a.Inputs) : 0, operands = ByteRows.Groups(stage.Operands), length = inputs + operands + 2;
        E* bytes = Native.Address(a.Scratch) + (nint)worker.Index * a.ScratchStride;
        float* scales = (float*)bytes + inputs + operands; // of each row
        for (int r = begin; r < end; r++)
        {
            float* to = (float*)bytes + (nint)(r - begin) * length, scale = to + inputs + operands;
            if (Dense) scale[0] = ByteRows.Round((float*)Native.Address(a.X) + RowOf(a, r, step) * a.XStride, a.Inputs, (byte*)to);
            if (hidden) scale[1] = ByteRows.Round((float*)OperandRow(a, r, step), stage.Operands, (byte*)(to + inputs));
        }
        E* z = stackalloc E[6 * zStep], dots = stackalloc E[6 * zStep];
        Rows<E> x = default, h = default, whole = Rows<E>.Strided(dots, zStep);
        for (int turn = part.Panel0; turn < part.Panel1; turn++)
        {
            int panel = ThereAndBack(part, step, turn, 1);
            byte* input = (byte*)stage.Input.Address + panel * PanelBytes(a.Inputs, TStage.InputCount),
                weights = (byte*)stage.Hidden.Address + panel * PanelBytes(stage.Operands, TStage.HiddenCount);
            E* bias = Native.Address(stage.Bias) + panel * zStep;
            for (int r = begin, rows; r < end; r += rows)
            {
                rows = Rows<E>.Next(end - r, W.MostDotRows);
                float* first = scales + (nint)(r - begin) * length;
                for (int i = 0; i < rows; i++)
                {
                    x.Set(i, bytes + (nint)(r + i - begin) * length);
                    h.Set(i, bytes + (nint)(r + i - begin) * length + inputs);
                    Native.Copy(bias, z + i * zStep, zStep);
                    if (Indexed) GatherBytes(a, (float*)z + i * zStep, input, Native.Address(a.Index)[RowOf(a, r + i, step)]);
                }
                if (Dense)
                {
                    W.Dots<InputRange<TStage>>(rows, x, inputs, input, whole);
                    AddScaled<InputRange<TStage>>(rows, z, dots, first, length, input + DotBytes(a.Inputs, TStage.InputCount));
                }
                if (hidden)
                {
                    W.Dots<HiddenRange<TStage>>(rows, h, operands, weights, whole);
                    AddScaled<HiddenRange<TStage>>(
                        rows, z, dots, first + 1, length, weights + DotBytes(stage.Operands, TStage.HiddenCount));
                }
                After(a, step, r, rows, panel, z);
            }
        }
    }

    /// <summary>z += (whole sums less what zeros of inputs are in them) * scale of the row * scales of the units.</summary>
    static void AddScaled<TRange>(int rows, E* z, E* dots, float* scale, int scaleStep, byte* behind) where TRange : struct, IRange
    {
        E* scales = (E*)behind, sums = scales + TRange.Count * L.Width;
        for (int i = 0; i < rows; i++, z += S.Count * L.Width, dots += S.Count * L.Width, scale += scaleStep)
        {
            L row = L.Splat(*scale);
            for (int s = 0; s < TRange.Count; s++)
            {
                E* at = z + (TRange.First + s) * L.Width;
                L numbers = L.FromWhole(L.Load(dots + (TRange.First + s) * L.Width), L.Load(sums + s * L.Width));
                L.Store(at, L.Fma(numbers, row * L.Load(scales + s * L.Width), L.Load(at)));
            }
        }
    }

    /// <summary>z += the column of W_ih that an index names.</summary>
    static void GatherBytes(in SequenceArguments<E> a, float* z, byte* input, int index)
    {
        float* scales = (float*)(input + DotBytes(a.Inputs, TStage.InputCount));
        sbyte* column = (sbyte*)input + (nint)(index / 4) * 4 * TStage.InputCount * L.Width + index % 4;
        for (int i = 0; i < TStage.InputCount * L.Width; i++) z[TStage.InputFirst * L.Width + i] += column[4 * i] * scales[i];
    }
}

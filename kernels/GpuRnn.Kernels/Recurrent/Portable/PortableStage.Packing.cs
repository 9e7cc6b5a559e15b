using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    public static void Pack(in SequenceArguments<E> a, int worker, int workers)
    {
        int thread = worker * PortableShape.Threads + Group.IdxX, threads = workers * PortableShape.Threads;
        int panels = TPlace.Of(in a).Panels, units = TPlace.Of(in a).Units, operands = TPlace.Of(in a).Operands;
        if (TStage.InputCount > 0)
        {
            Buffer<E> weights = TPlace.Of(in a).Parameters.InputWeights;
            Forth<InputGates<TStage>>(
                TPlace.Of(in a).Input.As<W>(), weights, panels, units, a.Inputs, TStage.InputFirst, TStage.InputCount, thread, threads);
            if (TPlace.Of(in a).InputBack.Length > 0)
                BackPack<InputGates<TStage>>(
                    TPlace.Of(in a).InputBack.As<W>(), weights, panels, units, a.Inputs, TStage.InputFirst, TStage.InputCount, thread,
                    threads);
        }
        Buffer<E> hidden = TPlace.Of(in a).Parameters.HiddenWeights;
        Forth<HiddenGates<TStage>>(
            TPlace.Of(in a).Hidden.As<W>(), hidden, panels, units, operands, TStage.HiddenFirst, TStage.HiddenCount, thread, threads);
        if (TPlace.Of(in a).HiddenBack.Length > 0)
            BackPack<HiddenGates<TStage>>(
                TPlace.Of(in a).HiddenBack.As<W>(), hidden, panels, units, operands, TStage.HiddenFirst, TStage.HiddenCount, thread,
                threads);
        for (int i = thread; i < panels * S.Count * Width; i += threads)
        {
            int vector = i / Width, panel = vector / S.Count, slot = vector - panel * S.Count, unit = panel * Width + (i & Width - 1);
            L sum = L.Splat(0);
            if (unit < units)
            {
                if (slot >= TStage.InputFirst && slot < TStage.InputFirst + TStage.InputCount
                    && TPlace.Of(in a).Parameters.InputBias.Length > 0)
                    sum += L.Of(TPlace.Of(in a).Parameters.InputBias[TStage.InputGate(slot) * units + unit]);
                if (slot >= TStage.HiddenFirst && slot < TStage.HiddenFirst + TStage.HiddenCount
                    && TPlace.Of(in a).Parameters.HiddenBias.Length > 0)
                    sum += L.Of(TPlace.Of(in a).Parameters.HiddenBias[TStage.HiddenGate(slot) * units + unit]);
            }
            TPlace.Of(in a).Bias[i] = L.Value(sum);
        }
        if (P.Count > 0)
            for (int i = thread; i < panels * P.Count * Width; i += threads)
            {
                int vector = i / Width, panel = vector / P.Count, unit = panel * Width + (i & Width - 1);
                TPlace.Of(in a).Unit[i] = unit < units ? TPlace.Of(in a).Parameters.Unit[(vector - panel * P.Count) * units + unit] : Zero;
            }
    }

    /// <summary>[panel][column][count * W] from [gates * H, columns].</summary>
    static void Forth<TGates>(
        Buffer<W> to, Buffer<E> from, int panels, int hidden, int columns, int first, int count, int thread, int threads)
        where TGates : struct, IGates
    {
        for (int i = thread; i < panels * columns * count * Width; i += threads)
        {
            int vector = i / Width, row = vector / count, panel = row / columns;
            int unit = panel * Width + (i & Width - 1), column = row - panel * columns, gate = TGates.Gate(first + vector - row * count);
            to[i] = W.Of(unit < hidden ? from[(gate * hidden + unit) * columns + column] : Zero);
        }
    }

    /// <summary>[block of 4W columns][panel][count * W][columns of the block] from [gates * H, columns].</summary>
    static void BackPack<TGates>(
        Buffer<W> to, Buffer<E> from, int panels, int hidden, int columns, int first, int count, int thread, int threads)
        where TGates : struct, IGates
    {
        int depth = panels * count * Width, vectors = (columns + Width - 1) / Width;
        for (int i = thread; i < vectors * Width * depth; i += threads)
        {
            int block = i / (4 * Width * depth) * 4, wide = (vectors - block < 4 ? vectors - block : 4) * Width;
            int inside = i - block * Width * depth, k = inside / wide, column = block * Width + inside - k * wide;
            int vector = k / Width, panel = vector / count;
            int unit = panel * Width + (k & Width - 1), gate = TGates.Gate(first + vector - panel * count);
            to[i] = W.Of(unit < hidden && column < columns ? from[(gate * hidden + unit) * columns + column] : Zero);
        }
    }
}

using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

public partial struct PortableTile<E, L, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    public static void Pack(in SequenceArguments<E> a, int worker, int workers)
    {
        PackStage<S1, G1>(a, a.First, worker, workers);
        if (TStep.Stages > 1) PackStage<S2, G2>(a, a.Second, worker, workers);
    }

    static void PackStage<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, int worker, int workers)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        int thread = worker * PortableShape.Threads + Group.IdxX, threads = workers * PortableShape.Threads;
        Forth<InputGates<G>>(stage.Input, a.Parameters.InputWeights, a.Panels, a.H, a.I, G.InputFirst, G.InputCount, thread, threads);
        Forth<HiddenGates<G>>(stage.Hidden, a.Parameters.HiddenWeights, a.Panels, a.H, a.H, G.HiddenFirst, G.HiddenCount, thread, threads);
        if (stage.InputBack.Length > 0)
            BackPack<InputGates<G>>(stage.InputBack, a.Parameters.InputWeights, a.Panels, a.H, a.I, G.InputFirst, G.InputCount, thread, threads);
        if (stage.HiddenBack.Length > 0)
            BackPack<HiddenGates<G>>(stage.HiddenBack, a.Parameters.HiddenWeights, a.Panels, a.H, a.H, G.HiddenFirst, G.HiddenCount, thread, threads);
        for (int i = thread; i < a.Panels * S.Count * Width; i += threads)
        {
            int vector = i / Width, panel = vector / S.Count, slot = vector - panel * S.Count, unit = panel * Width + (i & Width - 1);
            L sum = L.Splat(0);
            if (unit < a.H)
            {
                if (slot >= G.InputFirst && slot < G.InputFirst + G.InputCount && a.Parameters.InputBias.Length > 0)
                    sum += L.Of(a.Parameters.InputBias[G.InputGate(slot) * a.H + unit]);
                if (slot >= G.HiddenFirst && slot < G.HiddenFirst + G.HiddenCount && a.Parameters.HiddenBias.Length > 0)
                    sum += L.Of(a.Parameters.HiddenBias[G.HiddenGate(slot) * a.H + unit]);
            }
            stage.Bias[i] = L.Value(sum);
        }
    }

    /// <summary>[panel][column][count * W] from [gates * H, columns].</summary>
    static void Forth<TGates>(Buffer<E> to, Buffer<E> from, int panels, int hidden, int columns, int first, int count, int thread, int threads)
        where TGates : struct, IGates
    {
        for (int i = thread; i < panels * columns * count * Width; i += threads)
        {
            int vector = i / Width, row = vector / count, panel = row / columns;
            int unit = panel * Width + (i & Width - 1), column = row - panel * columns, gate = TGates.Gate(first + vector - row * count);
            to[i] = unit < hidden ? from[(gate * hidden + unit) * columns + column] : Zero;
        }
    }

    /// <summary>[block of 4W columns][panel][count * W][columns of the block] from [gates * H, columns].</summary>
    static void BackPack<TGates>(Buffer<E> to, Buffer<E> from, int panels, int hidden, int columns, int first, int count, int thread, int threads)
        where TGates : struct, IGates
    {
        int depth = panels * count * Width, vectors = (columns + Width - 1) / Width;
        for (int i = thread; i < vectors * Width * depth; i += threads)
        {
            int block = i / (4 * Width * depth) * 4, wide = (vectors - block < 4 ? vectors - block : 4) * Width;
            int inside = i - block * Width * depth, k = inside / wide, column = block * Width + inside - k * wide;
            int vector = k / Width, panel = vector / count;
            int unit = panel * Width + (k & Width - 1), gate = TGates.Gate(first + vector - panel * count);
            to[i] = unit < hidden && column < columns ? from[(gate * hidden + unit) * columns + column] : Zero;
        }
    }
}

using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

public unsafe partial struct CpuTile<E, L, C, S1, S2, G1, G2, TStep, TInput>
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Project(in SequenceArguments<E> a, in Part part, int first, int last)
    {
        Project<S1, G1>(a, a.First, part, first, last);
        if (TStep.Stages > 1) Project<S2, G2>(a, a.Second, part, first, last);
    }

    static void Project<S, G>(in SequenceArguments<E> a, in StageArguments<E> stage, in Part part, int first, int last)
        where S : struct, ISlots<S, L> where G : struct, IStage
    {
        nint inputStep = G.InputCount * L.Width;
        Rows<E> x = default, gates = default;
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
        {
            E* input = Native.Address(stage.Input) + panel * a.I * inputStep;
            Rows<E> bias = Rows<E>.Strided(Native.Address(stage.Bias) + panel * S.Count * L.Width, 0);
            int tile = 0;
            for (int step = first; step < last; step++)
                for (int r = part.Row0, end = part.ActiveEnd(a, step); r < end; r++)
                {
                    x.Set(tile, Native.Address(a.X) + RowOf(a, r, step) * a.XStride);
                    gates.Set(tile, Gates<S>(a, stage, panel, Native.Address(a.Offset)[step] + r));
                    if (++tile < Product<E, L, S, InputRange<G>>.MostRows) continue;
                    Product<E, L, S, InputRange<G>>.Run(tile, x, Walk.Along(a.I), input, inputStep, bias, gates);
                    tile = 0;
                }
            if (tile > 0) Product<E, L, S, InputRange<G>>.Run(tile, x, Walk.Along(a.I), input, inputStep, bias, gates);
        }
    }
}

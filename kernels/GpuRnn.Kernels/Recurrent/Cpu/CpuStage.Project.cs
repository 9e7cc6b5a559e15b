using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    [IntrinsicImplementation]
    public static void Project(ref CpuWorker worker, in SequenceArguments<E> a, in Part part, int first, int last)
    {
        if (!Projected) return;
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        nint inputStep = TStage.InputCount * L.Width;
        Rows<E> x = default, gates = default;
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
        {
            W* input = (W*)stage.Input.Address + panel * a.Inputs * inputStep;
            Rows<E> bias = Rows<E>.Strided(Native.Address(stage.Bias) + panel * S.Count * L.Width, 0);
            int tile = 0;
            for (int step = first; step < last; step++)
                for (int r = part.Row0, end = part.ActiveEnd(a, step); r < end; r++)
                {
                    x.Set(tile, Native.Address(a.X) + RowOf(a, r, step) * a.XStride);
                    gates.Set(tile, (E*)Gates(a, panel, GateRow(a, r, step)));
                    if (++tile < Product<E, Plain<E>, W, L, S, InputRange<TStage>>.MostRows) continue;
                    Product<E, Plain<E>, W, L, S, InputRange<TStage>>.Run(
                        tile, Rows<Plain<E>>.Of(x), Walk.Along(a.Inputs), input, inputStep, bias, gates);
                    tile = 0;
                }
            if (tile > 0) Product<E, Plain<E>, W, L, S, InputRange<TStage>>.Run(
                tile, Rows<Plain<E>>.Of(x), Walk.Along(a.Inputs), input, inputStep, bias, gates);
        }
    }
}

using GpuRnn.Kernels.Cells;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>
    /// Statistics of the rows of a step, a thread a row, and the equations that waited for them. The group has all units of its rows.
    /// </summary>
    static void Normalize(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step, int end)
    {
        worker.Wait();
        for (int r = part.Row0 + Group.IdxX; r < end; r += PortableShape.Threads)
        {
            R row = default;
            for (int round = 0; round < TStage.Rounds; round++)
                row = TStage.Settle(round, Sum(a, r, step, round, row), L.Splat(TPlace.Of(in a).Units), row);
            R.Store(new ViewMemory<E, L>(TPlace.Of(in a).Statistics, GateRow(a, r, step) * R.Count, 1), row, 0, R.Count);
        }
        worker.Wait();
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
                for (int r = tile + Row; r < tile + Row + PortableShape.RowsAThread; r++)
                {
                    int unit = panel * Width + Lane;
                    if (r >= end || unit >= TPlace.Of(in a).Units) continue;
                    S slots = S.Load(Gates(a, panel, GateRow(a, r, step)), 0, S.Count);
                    Equations(a, panel, r, step, unit, ref slots);
                }
    }

    /// <summary>Sums over the units of a row: of a round's terms, or, round -1, of those of the gradient.</summary>
    static R Sum(in SequenceArguments<E> a, int r, int step, int round, R row)
    {
        R sums = default;
        for (int unit = 0; unit < TPlace.Of(in a).Units; unit++)
        {
            int panel = unit / Width, at = (panel * a.PanelStride + GateRow(a, r, step) * Width) * S.Count + (unit & Width - 1);
            S slots = S.Load(new ViewMemory<G, E, L>(TPlace.Of(in a).Gates.As<G>(), at, Width), 0, S.Count);
            R term = default;
            if (round < 0) term = TStage.GradientTerm(slots, UnitOf(a, panel, unit & Width - 1), row);
            else term = TStage.Term(round, slots, row);
            sums = R.Fma(sums, term, L.Splat(1), 0, R.Count);
        }
        return sums;
    }

    /// <summary>The gradient of the statistics of a step's rows, a thread a row.</summary>
    static void NormalizeBackward(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step, int end)
    {
        worker.Wait();
        for (int r = part.Row0 + Group.IdxX; r < end; r += PortableShape.Threads)
        {
            R row = StatisticsOf(a, r, step), sums = Sum(a, r, step, -1, row);
            for (int unit = 0; unit < TPlace.Of(in a).Units; unit++)
            {
                int panel = unit / Width, at = (panel * a.PanelStride + GateRow(a, r, step) * Width) * S.Count + (unit & Width - 1);
                ViewMemory<G, E, L> gates = new(TPlace.Of(in a).Gates.As<G>(), at, Width);
                S slots = S.Load(gates, 0, S.Count);
                TStage.Through(ref slots, UnitOf(a, panel, unit & Width - 1), row, sums, L.Splat(TPlace.Of(in a).Units));
                S.Store(gates, slots, 0, S.Count);
            }
        }
    }
}

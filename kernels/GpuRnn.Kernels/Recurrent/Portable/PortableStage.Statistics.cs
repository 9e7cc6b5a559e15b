using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

partial struct PortableStage<E, W, G, L, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>
    /// Statistics of the rows of a step, 16 threads a row, and the equations that waited for them. The group has all units of its rows.
    /// </summary>
    static void Normalize(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step, int end)
    {
        worker.Wait();
        for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
        {
            int r = tile + Row;
            R row = default;
            for (int round = 0; round < TStage.Rounds; round++)
                row = TStage.Settle(round, Sum(in worker.Memory, a, r, end, step, round, row), L.Splat(TPlace.Of(in a).Units), row);
            if (r < end && Lane == 0)
                R.Store(new ViewMemory<E, L>(TPlace.Of(in a).Statistics, GateRow(a, r, step) * R.Count, 1), row, 0, R.Count);
        }
        worker.Wait();
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int r = part.Row0 + Row; r < end; r += PortableShape.Rows)
            {
                int unit = panel * Width + Lane;
                if (unit >= TPlace.Of(in a).Units) continue;
                S slots = S.Load(Gates(a, unit, GateRow(a, r, step)), 0, S.Count);
                State<L> state = StateBefore(in a, r, step, unit);
                Equations(a, r, step, unit, ref slots, ref state);
            }
    }

    /// <summary>
    /// Sums over the units of a row, for each of its 16 threads: of a round's terms, or, round -1, of those of the gradient.
    /// </summary>
    static R Sum(in GroupMemory memory, in SequenceArguments<E> a, int r, int end, int step, int round, R row)
    {
        R sums = R.Load(new ZeroMemory<L>(), 0, R.Count);
        for (int unit = Lane; unit < TPlace.Of(in a).Units && r < end; unit += Width)
        {
            S slots = S.Load(Gates(a, unit, GateRow(a, r, step)), 0, S.Count);
            R term = default;
            if (round < 0) term = TStage.GradientTerm(slots, UnitOf(a, unit), row);
            else term = TStage.Term(round, slots, row);
            sums = R.Fma(sums, term, L.Splat(1), 0, R.Count);
        }
        R.Store(new GroupSlots<E, L>(memory, Group.IdxX), sums, 0, R.Count);
        Group.Barrier();
        sums = R.Load(new ZeroMemory<L>(), 0, R.Count);
        for (int lane = 0; lane < Width; lane++)
            sums = R.Fma(sums, R.Load(new GroupSlots<E, L>(memory, Row * Width + lane), 0, R.Count), L.Splat(1), 0, R.Count);
        Group.Barrier();
        return sums;
    }

    /// <summary>The gradient of the statistics of a step's rows.</summary>
    static void NormalizeBackward(ref PortableWorker worker, in SequenceArguments<E> a, in Part part, int step, int end)
    {
        worker.Wait();
        for (int tile = part.Row0; tile < end; tile += PortableShape.Rows)
        {
            int r = tile + Row;
            R row = default;
            if (r < end) row = StatisticsOf(a, r, step);
            R sums = Sum(in worker.Memory, a, r, end, step, -1, row);
            for (int unit = Lane; unit < TPlace.Of(in a).Units && r < end; unit += Width)
            {
                S slots = S.Load(Gates(a, unit, GateRow(a, r, step)), 0, S.Count);
                TStage.Through(ref slots, UnitOf(a, unit), row, sums, L.Splat(TPlace.Of(in a).Units));
                S.Store(Gates(a, unit, GateRow(a, r, step)), slots, 0, S.Count);
            }
        }
    }
}

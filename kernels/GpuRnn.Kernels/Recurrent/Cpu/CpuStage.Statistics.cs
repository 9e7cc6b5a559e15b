using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Cells;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent.Cpu;

unsafe partial struct CpuStage<E, W, G, L, C, S, B, P, R, TStage, TPlace, TInput>
{
    /// <summary>The statistics of a row, in every place of their lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static R StatisticsOf(in SequenceArguments<E> a, int r, int step)
    {
        if (R.Count == 0) return default;
        return Spread(Native.Address(TPlace.Of(in a).Statistics) + (nint)GateRow(a, r, step) * R.Count);
    }

    static R Spread(E* numbers)
    {
        E* lanes = stackalloc E[R.Count * L.Width];
        for (int i = 0; i < R.Count; i++) L.Store(lanes + i * L.Width, L.Of(numbers[i]));
        return R.Load(new Pointer<E, L> { At = lanes }, 0, R.Count);
    }

    /// <summary>Statistics of the rows of a step, and the equations that waited for them. A worker has all units of its rows.</summary>
    static void Normalize(in SequenceArguments<E> a, in Part part, int step, int end)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        L units = L.Splat(stage.Units);
        for (int r = part.Row0; r < end; r++)
        {
            R row = default;
            for (int round = 0; round < TStage.Rounds; round++)
            {
                R sums = Sum(a, r, step, round, row);
                row = TStage.Settle(round, sums, units, row);
            }
            Put(row, Native.Address(stage.Statistics) + (nint)GateRow(a, r, step) * R.Count);
        }
        E* z = stackalloc E[S.Count * L.Width];
        for (int panel = part.Panel0; panel < part.Panel1; panel++)
            for (int r = part.Row0; r < end; r++)
            {
                S.Store(new Pointer<E, L> { At = z },
                    S.Load(new Pointer<G, E, L> { At = Gates(a, panel, GateRow(a, r, step)) }, 0, S.Count), 0, S.Count);
                if (Full(a, panel)) Equations<Whole>(a, step, r, 1, panel, z);
                else Equations<Cut>(a, step, r, 1, panel, z);
            }
    }

    /// <summary>Sums over the units of a row: of a round's terms, or, round -1, of those of the gradient.</summary>
    static R Sum(in SequenceArguments<E> a, int r, int step, int round, R row)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        E* lanes = stackalloc E[R.Count * L.Width], sums = stackalloc E[R.Count];
        Native.Clear(sums, R.Count);
        for (int panel = 0; panel < stage.Panels; panel++)
        {
            S slots = S.Load(new Pointer<G, E, L> { At = Gates(a, panel, GateRow(a, r, step)) }, 0, S.Count);
            R term = round < 0 ? TStage.GradientTerm(slots, UnitOf(a, panel), row) : TStage.Term(round, slots, row);
            R.Store(new Pointer<E, L> { At = lanes }, term, 0, R.Count);
            int count = Math.Min(L.Width, stage.Units - panel * L.Width);
            for (int i = 0; i < R.Count; i++)
            {
                Native.Clear(lanes + i * L.Width + count, L.Width - count);
                sums[i] = L.Sum(L.Of(sums[i]) * First + L.Load(lanes + i * L.Width));
            }
        }
        return Spread(sums);
    }

    /// <summary>1 in the first place, 0 in the others.</summary>
    static L First
    {
        get
        {
            E* lanes = stackalloc E[L.Width];
            L.Store(lanes, L.Splat(1));
            Native.Clear(lanes + 1, L.Width - 1);
            return L.Load(lanes);
        }
    }

    static void Put(R row, E* numbers)
    {
        E* lanes = stackalloc E[R.Count * L.Width];
        R.Store(new Pointer<E, L> { At = lanes }, row, 0, R.Count);
        for (int i = 0; i < R.Count; i++) numbers[i] = lanes[i * L.Width];
    }

    /// <summary>The gradient of the statistics of a step's rows.</summary>
    static void NormalizeBackward(in SequenceArguments<E> a, in Part part, int step, int end)
    {
        ref readonly StageArguments<E> stage = ref TPlace.Of(in a);
        L units = L.Splat(stage.Units);
        for (int r = part.Row0; r < end; r++)
        {
            R row = StatisticsOf(a, r, step), sums = Sum(a, r, step, -1, row);
            for (int panel = 0; panel < stage.Panels; panel++)
            {
                G* at = Gates(a, panel, GateRow(a, r, step));
                S slots = S.Load(new Pointer<G, E, L> { At = at }, 0, S.Count);
                TStage.Through(ref slots, UnitOf(a, panel), row, sums, units);
                S.Store(new Pointer<G, E, L> { At = at }, slots, 0, S.Count);
                int count = stage.Units - panel * L.Width;
                if (count < L.Width) Cut.ClearBehind(at, S.Count, L.Width, count);
            }
        }
    }
}

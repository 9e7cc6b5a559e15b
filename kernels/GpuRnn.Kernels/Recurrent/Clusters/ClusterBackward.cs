using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// The steps backward of a layer on clusters of thread blocks: gate gradients of a block's units meet columns of W_hh in the block's
/// registers, and sums go to the blocks whose units the columns are.
/// </summary>
/// <typeparam name="W">How packed weights are stored.</typeparam>
/// <typeparam name="G">How gates are stored.</typeparam>
/// <typeparam name="S">Slots.</typeparam>
/// <typeparam name="B">Slots of the stage before: there is none.</typeparam>
/// <typeparam name="P">Parameters of a unit.</typeparam>
/// <typeparam name="R">Statistics of a row: there are none.</typeparam>
/// <typeparam name="TStage">The equations.</typeparam>
/// <typeparam name="TInput">Dense or indices.</typeparam>
/// <typeparam name="TWeights">W_hh in registers.</typeparam>
/// <typeparam name="TSequences">Sequences of a cluster.</typeparam>
struct ClusterBackward<W, G, S, B, P, R, TStage, TInput, TWeights, TSequences> : IClusterBackward
    where W : unmanaged, IStored<W, float>
    where G : unmanaged, IStored<G, float>
    where S : struct, ISlots<S, CudaSingle>
    where B : struct, ISlots<B, CudaSingle>
    where P : struct, ISlots<P, CudaSingle>
    where R : struct, ISlots<R, CudaSingle>
    where TStage : struct, IEquations<CudaSingle, S, B, P, R>
    where TInput : struct, IInput
    where TWeights : struct, IHeldWeights<TWeights, S>
    where TSequences : struct, IClusterSequences<TSequences, S>
{
    /// <summary>What the forward pass kept of a unit at a step, and the gradient of its output.</summary>
    struct Kept
    {
        public S Slots;
        public State<CudaSingle> State;
        public CudaSingle Dy;
    }

    public static void Backward(in SequenceArguments<float> a, long fault)
    {
        ClusterPlace place = new(TWeights.Quads);
        ClusterReduction exchange = new(place, TWeights.Quads, TSequences.Count, TStage.HiddenCount);
        int row0 = place.Cluster * TSequences.Count, r = row0 + (place.Lane & TSequences.Count - 1), unit = place.Unit;
        int end = ClusterShape.Least(a.Length[row0], a.End); // the first is the longest
        bool there = place.Lane < TSequences.Count & r < a.B, real = there & unit < a.Units;
        int known = Utilities.Select(there, r, 0), length = a.Length[known], start = a.Start[known], slot = a.Slot[known];
        int behind = Utilities.Select(real, ClusterShape.Least(length, a.End), a.Begin);
        // products read whole panels of gate gradients
        int behindPanel = Utilities.Select(
            there & !real & unit < a.First.Panels * PortableShape.Width, ClusterShape.Least(length, a.End), a.Begin);
        TWeights weights = default;
        TWeights.Load<WeightsOfColumn<W>, HiddenRange<TStage>>(ref weights, new(a.First.Hidden.As<W>(),
            place.Rank * ClusterShape.Units + exchange.FirstUnit, a.Units, a.Units, exchange.Column, TStage.HiddenCount), 0);
        exchange.Messages.Begin(fault, ClusterFault.Backward);
        int lost = 0;
        P parameters = default;
        State<CudaSingle> grad = new() { H = CudaSingle.Splat(0), C = CudaSingle.Splat(0) };
        if (a.Begin < behind)
        {
            parameters = PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.UnitOf(in a, unit);
            if (length > a.End | a.WantStates != 0) // from a later segment, or the caller
            {
                grad.H = new(a.Dh[slot * a.Outputs + unit]);
                if (TStage.HasC) grad.C = new(a.Dc[slot * a.Units + unit]);
            }
        }
        // what a step begins with is asked for two steps before, and the gate row of that three
        Kept now = default, before = default, earlier = default;
        int gateRow = a.Offset[ClusterShape.Most(end - 1, a.Begin)] + r, nextRow = a.Offset[ClusterShape.Most(end - 2, a.Begin)] + r;
        int laterRow = a.Offset[ClusterShape.Most(end - 3, a.Begin)] + r;
        Ask(ref now, in a, unit, r, slot, start, end - 1, behind, gateRow);
        Ask(ref before, in a, unit, r, slot, start, end - 2, behind, nextRow);
        for (int step = end - 1; step >= a.Begin; step--)
        {
            int turn = end - 1 - step, lastRow = a.Offset[ClusterShape.Most(step - 3, a.Begin)] + r;
            S slots = S.Load(default(ZeroMemory<CudaSingle>), 0, S.Count);
            if (step < behind)
            {
                slots = now.Slots;
                grad.H += now.Dy;
                B none = default;
                TStage.Backward(ref slots, ref none, parameters, default, ref grad, before.State, now.State);
            }
            exchange.Put(slots, turn, TStage.HiddenFirst);
            Group.Barrier();
            exchange.Send<TWeights, HiddenRange<TStage>, S>(in weights, turn, lost);
            if (step < behind | step < behindPanel)
                S.Store(PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Gates(in a, unit, gateRow),
                    slots, 0, S.Count);
            Ask(ref earlier, in a, unit, r, slot, start, step - 2, behind, laterRow);
            now = before;
            before = earlier;
            gateRow = nextRow;
            nextRow = laterRow;
            laterRow = lastRow;
            lost = exchange.Messages.Await(turn + 1, lost);
            CudaSingle sum = exchange.Sum(turn + 1);
            grad.H = TStage.CarriesH | step >= behind ? grad.H + sum : sum;
        }
        if (a.Begin < behind)
        {
            a.Dh[slot * a.Outputs + unit] = CudaSingle.Value(grad.H);
            if (TStage.HasC) a.Dc[slot * a.Units + unit] = CudaSingle.Value(grad.C);
        }
        ClusterMessages.End();
    }

    /// <summary>What was kept of a step of this launch, or, of the one before them, the states.</summary>
    static void Ask(
        ref Kept kept, in SequenceArguments<float> a, int unit, int r, int slot, int start, int step, int behind, int gateRow)
    {
        if (step >= behind | step < a.Begin - 1 | behind <= a.Begin) return;
        if (step < a.Begin)
        {
            kept.State = PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Previous(in a, r, a.Begin, unit);
            return;
        }
        int at = (start + step * a.RowStep) * a.YStride + unit;
        kept.Slots = S.Load(
            PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Gates(in a, unit, gateRow), 0, S.Count);
        kept.State.H = new(a.Y[at]);
        if (TStage.HasC) kept.State.C = new(a.Cs[gateRow * a.Units + unit]);
        kept.Dy = CudaSingle.Splat(0);
        if (a.Dy.Length > 0) kept.Dy = new(a.Dy[at]);
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;
using ILGPU.Util;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// The steps forward of a layer on clusters of thread blocks (compute capability 9.0): a cluster owns sequences through all steps, a block
/// 32 of their units with its part of W_hh in registers, and what they do not hold in shared memory. h goes from block to block by
/// messages, so a step costs no launch, and no weights come from afar. What is packed, projected and saved is laid out as the portable tile
/// has it, which makes all that is not here.
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
/// <typeparam name="TShared">W_hh in shared memory.</typeparam>
struct ClusterForward<W, G, S, B, P, R, TStage, TInput, TWeights, TSequences, TShared> : IClusterForward
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
    where TShared : struct, ISharedQuads
{
    static int SharedQuads => TShared.Beside(TWeights.Quads);

    static int Blocks => TWeights.Quads + SharedQuads;

    public static void Forward(in SequenceArguments<float> a, int first, int last, long fault)
    {
        ClusterPlace place = new(Blocks);
        SharedWeights shared = new(SharedQuads, TWeights.Quads);
        ClusterExchange exchange = new(
            place, Blocks, TSequences.Count, ClusterShape.ReservedBytes + SharedWeights.Bytes(SharedQuads, TStage.HiddenCount));
        int row0 = place.Cluster * TSequences.Count, r = row0 + (place.Lane & TSequences.Count - 1), unit = place.Unit;
        int end = ClusterShape.Least(a.Length[row0], last); // the first is the longest
        bool there = place.Lane < TSequences.Count & r < a.B & unit < a.Units; // other lanes only share summands
        int known = Utilities.Select(there, r, 0), behind = Utilities.Select(there, ClusterShape.Least(a.Length[known], last), first);
        int start = a.Start[known], slot = a.Slot[known];
        TWeights weights = default;
        WeightsOfUnit<W> places = WeightsOf(in a, in place);
        TWeights.Load<WeightsOfUnit<W>, HiddenRange<TStage>>(ref weights, places, 0);
        shared.Load<WeightsOfUnit<W>, HiddenRange<TStage>, S>(in places);
        FirstHidden(in exchange, in a, row0, first);
        exchange.Messages.Begin(fault, ClusterFault.Forward);
        int lost = 0;
        State<CudaSingle> state = default;
        // what a step begins with is asked for two steps before, and the gate row of that three
        S next = S.Load(default(ZeroMemory<CudaSingle>), 0, S.Count), later = next;
        int gateRow = a.Offset[first] + r, nextRow = a.Offset[ClusterShape.Least(first + 1, a.T)] + r;
        int laterRow = a.Offset[ClusterShape.Least(first + 2, a.T)] + r;
        P parameters = default;
        if (first < behind)
        {
            parameters = PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.UnitOf(in a, unit);
            state = PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.StateBefore(in a, r, first, unit);
            next = StartAt(in a, unit, gateRow, start, first);
        }
        if (first + 1 < behind) later = StartAt(in a, unit, nextRow, start, first + 1);
        for (int step = first; step < end; step++)
        {
            int now = step - first, lastRow = a.Offset[ClusterShape.Least(step + 3, a.T)] + r;
            S products = TSequences.Product<TWeights, HiddenRange<TStage>>(
                in shared, in weights, exchange.H, exchange.Messages.At(now) + place.Lane, exchange.Pitch, place.Lane);
            S slots = S.Fma(
                next, LaneSums<TSequences, S>.Of(products), CudaSingle.Splat(1), TStage.HiddenFirst, TStage.HiddenCount);
            next = later;
            B before = default;
            TStage.Forward(ref slots, ref before, parameters, default, ref state);
            bool lives = step < behind, more = step + 1 < end;
            if (more) exchange.Send(Utilities.Select(lives, CudaSingle.Value(state.H), 0f), now + 1, lost);
            if (lives)
                PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.KeepAt(
                    in a, unit, gateRow, start + step * a.RowStep, slot, slots, before, state, step + 1 == behind);
            if (step + 2 < behind) later = StartAt(in a, unit, laterRow, start, step + 2);
            gateRow = nextRow;
            nextRow = laterRow;
            laterRow = lastRow;
            if (more) lost = exchange.Messages.Await(now + 1, lost);
        }
        ClusterMessages.End();
    }

    static S StartAt(in SequenceArguments<float> a, int unit, int gateRow, int start, int step) =>
        PortableStage<float, W, G, CudaSingle, S, B, P, R, TStage, OnlyPlace, TInput>.StartAt(
            in a, unit, gateRow, start + step * a.RowStep);

    /// <summary>Weights of a unit; of one that is none, those of the last.</summary>
    static WeightsOfUnit<W> WeightsOf(in SequenceArguments<float> a, in ClusterPlace of)
    {
        int unit = ClusterShape.Least(of.Unit, a.Units - 1), panel = unit / PortableShape.Width;
        int pitch = TStage.HiddenCount * PortableShape.Width;
        return new(
            a.First.Hidden.As<W>(), panel * a.Units * pitch + (unit & PortableShape.Width - 1), pitch, a.Units, of.Lane);
    }

    /// <summary>h that the first step reads, all of it to every block.</summary>
    static void FirstHidden(in ClusterExchange exchange, in SequenceArguments<float> a, int row0, int step)
    {
        ArrayView<float> h = exchange.H.Cast<float>();
        int width = Blocks * ClusterShape.Units;
        for (int i = Group.IdxX; i < TSequences.Count * width; i += ClusterShape.Threads)
        {
            int sequence = i / width, k = i - sequence * width, r = row0 + sequence;
            float value = 0;
            if (r < a.B & k < a.Units && step < a.Length[r]) value = HiddenRow<float, CudaSingle>.Read(in a, r, step, k);
            h[exchange.Messages.At(0) * 4 + i] = value;
        }
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// The stage of a cell on clusters of thread blocks (compute capability 9.0): a cluster owns sequences through all steps, a block 32 of
/// their units with its part of W_hh in registers. h goes from block to block by messages, so a step costs no launch and reads no weights.
/// What is packed, projected and saved is laid out as the portable tile has it, which makes all that is not here.
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
partial struct ClusterStage<W, G, S, B, P, R, TStage, TInput, TWeights, TSequences> : IClusterStage
    where W : unmanaged, IStored<W, float>
    where G : unmanaged, IStored<G, float>
    where S : struct, ISlots<S, ScalarSingle>
    where B : struct, ISlots<B, ScalarSingle>
    where P : struct, ISlots<P, ScalarSingle>
    where R : struct, ISlots<R, ScalarSingle>
    where TStage : struct, IEquations<ScalarSingle, S, B, P, R>
    where TInput : struct, IInput
    where TWeights : struct, IHeldWeights<TWeights, S>
    where TSequences : struct, IClusterSequences<TSequences, S>
{
    /// <summary>This thread's unit in its block, and its lane of the unit.</summary>
    static int Unit => Group.IdxX / ClusterShape.Lanes;
    static int Lane => Group.IdxX & ClusterShape.Lanes - 1;

    public static void Forward(in SequenceArguments<float> a, int first, int last)
    {
        ClusterExchange exchange = new(TWeights.Quads, TSequences.Count);
        int row0 = Grid.IdxX / TWeights.Quads * TSequences.Count, r = row0 + (Lane & TSequences.Count - 1);
        int unit = exchange.Rank * ClusterShape.Units + Unit;
        int end = a.Length[row0] < last ? a.Length[row0] : last; // the first is the longest
        bool there = Lane < TSequences.Count & r < a.B & unit < a.Units; // other lanes only share summands
        int length = there ? a.Length[r] : 0, behind = length < last ? length : last;
        TWeights weights = default;
        TWeights.Load<W, HiddenRange<TStage>>(ref weights, Column(in a, unit), 0);
        FirstHidden(in exchange, in a, row0, first);
        exchange.Begin();
        State<ScalarSingle> state = default;
        S next = S.Load(default(ZeroMemory<ScalarSingle>), 0, S.Count);
        P parameters = default;
        if (first < behind)
        {
            parameters = PortableStage<float, W, G, ScalarSingle, S, B, P, R, TStage, OnlyPlace, TInput>.UnitOf(in a, unit);
            state = PortableStage<float, W, G, ScalarSingle, S, B, P, R, TStage, OnlyPlace, TInput>.StateBefore(in a, r, first, unit);
            next = PortableStage<float, W, G, ScalarSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Start(in a, unit, r, first);
        }
        for (int step = first; step < end; step++)
        {
            int now = step - first;
            S products = TSequences.Product<TWeights, HiddenRange<TStage>>(
                in weights, exchange.H, exchange.At(now) + Lane, exchange.Pitch, Lane);
            S slots = S.Fma(
                next, LaneSums<TSequences, S>.Of(products), ScalarSingle.Splat(1), TStage.HiddenFirst, TStage.HiddenCount);
            B before = default;
            TStage.Forward(ref slots, ref before, parameters, default, ref state);
            bool lives = step < behind, more = step + 1 < end;
            if (more) exchange.Send(lives ? ScalarSingle.Value(state.H) : 0, now + 1);
            if (lives)
                PortableStage<float, W, G, ScalarSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Keep(
                    in a, r, step, unit, slots, before, state, step + 1 == behind);
            // what the next step begins with is asked for while h is on its way
            if (step + 1 < behind)
                next = PortableStage<float, W, G, ScalarSingle, S, B, P, R, TStage, OnlyPlace, TInput>.Start(in a, unit, r, step + 1);
            if (more) exchange.Await(now + 1);
        }
        ClusterExchange.End();
    }

    /// <summary>Weights of a unit; of one that is none, those of the last.</summary>
    static WeightColumn<W> Column(in SequenceArguments<float> a, int unit)
    {
        int place = unit < a.Units ? unit : a.Units - 1, panel = place / PortableShape.Width;
        int pitch = TStage.HiddenCount * PortableShape.Width;
        return new(a.First.Hidden.As<W>(), panel * a.Units * pitch + (place & PortableShape.Width - 1), pitch,
            unit < a.Units ? a.Units : 0, Lane);
    }

    /// <summary>h that the first step reads, all of it to every block.</summary>
    static void FirstHidden(in ClusterExchange exchange, in SequenceArguments<float> a, int row0, int step)
    {
        ArrayView<float> h = exchange.H.Cast<float>();
        int width = TWeights.Quads * ClusterShape.Units;
        for (int i = Group.IdxX; i < TSequences.Count * width; i += ClusterShape.Threads)
        {
            int sequence = i / width, k = i - sequence * width, r = row0 + sequence;
            float value = 0;
            if (r < a.B & k < a.Units && step < a.Length[r]) value = HiddenRow<float, ScalarSingle>.Read(in a, r, step, k);
            h[ClusterExchange.First * 4 + i] = value;
        }
    }
}

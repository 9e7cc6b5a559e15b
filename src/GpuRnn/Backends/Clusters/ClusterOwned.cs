using System.Reflection;
using GpuRnn.Backends.Portable;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent.Clusters;
using GpuRnn.Layers;
using ILGPU;

namespace GpuRnn.Backends.Clusters;

/// <summary>
/// A cluster of thread blocks owns sequences, a block 32 hidden units of them with its part of W_hh in registers, and in shared memory
/// where these do not hold all: the steps of a pass in one launch. The products around the steps are those of the portable tile, and with
/// more than 8 blocks the backward pass.
/// </summary>
sealed class ClusterOwned : Way<float>
{
    /// <summary>Weights that a thread has registers for, beside what else it needs; as many may be in shared memory.</summary>
    public const int MostWeights = 128;

    /// <summary>Weights of a thread.</summary>
    public static int Weights(StageShape stage, int blocks) => 4 * blocks * stage.Numbers.HiddenSlots;

    readonly PortableLayer<float> layer;
    readonly HiddenOwned<float> portable;
    readonly int blocks;
    readonly Dictionary<(string, int), Kernel<float>> kernels = [];
    readonly Dictionary<(int, bool), Proof> proofs = [];
    readonly Dictionary<(LayerProgram<float>, int, int), LayerProgram<float>> programs = [];

    ClusterOwned(PortableLayer<float> layer, HiddenOwned<float> portable, int blocks) =>
        (this.layer, this.portable, this.blocks) = (layer, portable, blocks);

    /// <summary>The way, if a device has clusters that the layer fits.</summary>
    public static ClusterOwned? Of(PortableLayer<float> layer, HiddenOwned<float> portable)
    {
        if (layer.Shape.Stages is not [{ Numbers.Rounds: 0 } stage]) return null;
        int blocks = (int)System.Numerics.BitOperations.RoundUpToPowerOf2(
            (uint)((stage.Units + ClusterShape.Units - 1) / ClusterShape.Units));
        bool fits = Weights(stage, blocks) <= 2 * MostWeights && layer.Device.Backend.Clusters(blocks) > 0;
        return fits ? new(layer, portable, blocks) : null;
    }

    public override Strategy Strategy => Strategy.Clusters;

    public override int Width => portable.Width;

    public override object Packing => layer;

    public override PackedSizes[] PackedSizes => layer.PackedSizes;

    /// <summary>Before all other ways, whatever the batch: a sequence's bits are not to depend on those beside it.</summary>
    public override double Time(BatchShape batch) =>
        layer.Device.Backend.Trust is { } trust && trust.Refuses(ProofOf(batch).Key) ? double.PositiveInfinity : 0;

    public override Proof? Proof(BatchShape batch) => layer.Device.Backend.ChecksFirstUse ? ProofOf(batch) : null;

    Proof ProofOf(BatchShape batch)
    {
        int sequences = Sequences(batch), clusters = layer.Device.Backend.Clusters(blocks);
        if (!proofs.TryGetValue((sequences, batch.Training), out Proof? proof))
        {
            string use = batch.Training ? "training" : "inference";
            MethodInfo method = ClusterKernel.MethodOf(
                nameof(ClusterKernels.ForwardSteps), ForwardOf(layer.Shape, layer.Storage, blocks, sequences));
            proofs.Add((sequences, batch.Training), proof = new(KernelIdentity.Of(method, use),
                $"{layer.Shape.Cell}, {Clusters(sequences)}, {use}",
                sequences == 1 ? Math.Min(clusters, 3) : clusters * (sequences / 2) + 1));
        }
        return proof;
    }

    string Clusters(int sequences) =>
        $"{sequences} sequence{(sequences == 1 ? "" : "s")} a cluster of {blocks} block{(blocks == 1 ? "" : "s")}";

    public override WorkSizes WorkSizes(PassShape pass) => layer.WorkSizes(pass);

    /// <summary>As few sequences a cluster as let all clusters run at the same time.</summary>
    int Sequences(BatchShape batch)
    {
        int sequences = 1, clusters = layer.Device.Backend.Clusters(blocks);
        while (sequences < ClusterShape.MostSequences && (long)clusters * sequences < batch.Sequences) sequences *= 2;
        return sequences;
    }

    public override LayerPlan<float> Plan(BatchShape batch)
    {
        LayerPlan<float> plan = portable.Plan(batch);
        int sequences = Sequences(batch), groups = Math.Max(1, (batch.Sequences + sequences - 1) / sequences) * blocks;
        if (!programs.TryGetValue((plan.Program, sequences, groups), out LayerProgram<float>? program))
            programs.Add((plan.Program, sequences, groups), program = Program(plan.Program, sequences, groups));
        return plan with { Program = program, Workers = groups };
    }

    LayerProgram<float> Program(LayerProgram<float> around, int sequences, int groups)
    {
        StageShape stage = layer.Shape.Stages[0];
        KernelConfig Config(int bytes) => new(groups, ClusterShape.Threads, SharedMemoryConfig.RequestDynamic<byte>(bytes));
        int slots = stage.Numbers.HiddenSlots;
        Launch<float> forward = new(Kernel(nameof(ClusterKernels.ForwardSteps), sequences),
            Config(ClusterShape.ForwardBytes(blocks, sequences, SharedQuads(stage, blocks), slots)), Span.EachProjected);
        Launch<float> Backward() => new(Kernel(nameof(ClusterKernels.BackwardSteps), sequences),
            Config(ClusterShape.BackwardBytes(sequences, slots)));
        return new()
        {
            Pack = around.Pack,
            Forward = [.. around.Forward.Where(l => l.Span == Span.EachProjected), forward, .. Whole(around.Forward)],
            Backward = GoesBack ? [Backward(), .. Whole(around.Backward)] : around.Backward,
            InputGradient = around.InputGradient, WeightGradient = around.WeightGradient,
        };
    }

    static IEnumerable<Launch<float>> Whole(IEnumerable<Launch<float>> launches) => launches.Where(l => l.Span == Span.Whole);

    /// <summary>Does the backward pass run on clusters too?</summary>
    bool GoesBack => GoesBackIn(layer.Shape.Stages[0], blocks);

    /// <summary>Sums of a unit come from 8 threads at most, and columns of W_hh are in registers alone.</summary>
    public static bool GoesBackIn(StageShape stage, int blocks) => blocks <= ClusterShape.Summands && SharedQuads(stage, blocks) == 0;

    /// <summary>Quads of a thread's weights that are in shared memory.</summary>
    static int SharedQuads(StageShape stage, int blocks) => Weights(stage, blocks) > MostWeights ? blocks / 2 : 0;

    Kernel<float> Kernel(string name, int sequences)
    {
        if (!kernels.TryGetValue((name, sequences), out Kernel<float>? kernel))
            kernels.Add((name, sequences), kernel = new ClusterKernel(layer.Device, name, name == nameof(ClusterKernels.ForwardSteps)
                ? ForwardOf(layer.Shape, layer.Storage, blocks, sequences) : BackwardOf(layer.Shape, layer.Storage, blocks, sequences),
                blocks));
        return kernel;
    }

    /// <summary>The forward pass of a layer as clusters run it.</summary>
    public static Type ForwardOf(LayerShape layer, Storage storage, int blocks, int sequences)
    {
        bool all = SharedQuads(layer.Stages[0], blocks) == 0;
        return typeof(ClusterForward<,,,,,,,,,,>).MakeGenericType([
            .. TypesOf(layer, storage, all ? blocks : blocks / 2, sequences), all ? typeof(NoneShared) : typeof(HalfShared)]);
    }

    /// <summary>Its backward pass.</summary>
    public static Type BackwardOf(LayerShape layer, Storage storage, int blocks, int sequences) =>
        typeof(ClusterBackward<,,,,,,,,,>).MakeGenericType(TypesOf(layer, storage, blocks, sequences));

    static Type[] TypesOf(LayerShape layer, Storage storage, int held, int sequences)
    {
        // E, W, G, L, S, B, P, R, equations, place, input
        Type[] types = PortableLayer.StagesOf(layer, storage, typeof(float), typeof(CudaSingle))[0].GetGenericArguments();
        Type slots = types[4], weights = typeof(HeldQuad<>).MakeGenericType(slots), of = typeof(OneSequence<>).MakeGenericType(slots);
        for (int quads = 1; quads < held; quads *= 2) weights = typeof(HeldTwice<,>).MakeGenericType(weights, slots);
        for (int count = 1; count < sequences; count *= 2) of = typeof(TwiceSequences<,>).MakeGenericType(of, slots);
        return [types[1], types[2], slots, types[5], types[6], types[7], types[8], types[10], weights, of];
    }

    public override string Describe(BatchShape batch, bool training)
    {
        int sequences = Sequences(batch);
        string where = SharedQuads(layer.Shape.Stages[0], blocks) > 0 ? "registers and shared memory" : "registers";
        string reason = $"{Clusters(sequences)}, W_hh in {where}, all steps in one launch"
            + (training && !GoesBack ? ", backward a launch a step" : "");
        return layer.Describe(Strategy, reason, Plan(batch), training);
    }
}

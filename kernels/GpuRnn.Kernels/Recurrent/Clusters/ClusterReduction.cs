using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// The gradient of h of the step before: a block has gate gradients of its units in shared memory, a thread of it multiplies those of some
/// units with their weights of one column of W_hh, and sends what that adds to the gradient of the column's unit to the block that has it.
/// That adds what came from all blocks, in their order.
/// </summary>
/// <param name="place">Where this thread stands.</param>
/// <param name="blocks">Blocks of the cluster, at most 8.</param>
/// <param name="sequences">Its sequences.</param>
/// <param name="slots">Slots of a unit that are multiplied.</param>
readonly struct ClusterReduction(ClusterPlace place, int blocks, int sequences, int slots)
{
    readonly ClusterPlace place = place;
    readonly int blocks = blocks, sequences = sequences, slots = slots;
    readonly ArrayView<Quad<float>> memory = SharedMemory.GetDynamic<Quad<float>>();

    /// <summary>What brings the summands.</summary>
    public readonly ClusterMessages Messages = new(
        place, ClusterShape.Summands * ClusterShape.Units * sequences * sizeof(float), ClusterShape.ReservedBytes);

    /// <summary>The column of W_hh that a thread has, which is a unit of the cluster.</summary>
    public int Column => place.Thread & blocks * ClusterShape.Units - 1;

    /// <summary>The first of the block's units whose weights it has: as many as 4 times the blocks.</summary>
    public int FirstUnit => place.Thread / (blocks * ClusterShape.Units) * (4 * blocks);

    /// <summary>Quads of gate gradients of a sequence: slot after slot, and one so that sequences do not meet in a bank.</summary>
    int Pitch => slots * (ClusterShape.Units / 4) + 1;

    int GradientsAt(int step) => Messages.At(2) + 2 * (Messages.At(1) - Messages.At(0)) + (step & 1) * sequences * Pitch;

    /// <summary>Gate gradients of a unit, of the lanes whose number is a sequence's.</summary>
    public void Put<S>(S gradients, int step, int first) where S : struct, ISlots<S, CudaSingle>
    {
        if (place.Lane < sequences) S.Store(
            new Unit(memory.Cast<float>(), (GradientsAt(step) + place.Lane * Pitch) * 4 + place.UnitInBlock), gradients, first, slots);
    }

    /// <summary>
    /// Products of the gate gradients of a step, to those who sum them up for the next one; to nobody once waiting was given up.
    /// </summary>
    public void Send<TWeights, TRange, S>(in TWeights weights, int step, int lost)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange where S : struct, ISlots<S, CudaSingle>
    {
        int owner = Column / ClusterShape.Units, inside = place.InWarp;
        int summand = place.Rank * (8 / blocks) + place.Thread / (blocks * ClusterShape.Units);
        int at = Messages.At(step + 1) + summand * (ClusterShape.Units * sequences / 4);
        if (sequences == 1)
        {
            float a = Product<TWeights, TRange, S>(in weights, step, 0), b = Warp.ShuffleXor(a, 1);
            float c = Warp.ShuffleXor(a, 2), d = Warp.ShuffleXor(b, 2);
            if ((inside & 3) == 0 & lost == 0) Messages.Send(owner, step + 1, at + inside / 4, a, b, c, d);
        }
        else if (sequences == 2)
        {
            float a = Product<TWeights, TRange, S>(in weights, step, 0), b = Product<TWeights, TRange, S>(in weights, step, 1);
            float c = Warp.ShuffleXor(a, 1), d = Warp.ShuffleXor(b, 1);
            if ((inside & 1) == 0 & lost == 0) Messages.Send(owner, step + 1, at + inside / 2, a, b, c, d);
        }
        else if (lost == 0)
            for (int sequence = 0; sequence < sequences; sequence += 4)
                Messages.Send(owner, step + 1, at + (inside * sequences + sequence) / 4,
                    Product<TWeights, TRange, S>(in weights, step, sequence), Product<TWeights, TRange, S>(in weights, step, sequence + 1),
                    Product<TWeights, TRange, S>(in weights, step, sequence + 2),
                    Product<TWeights, TRange, S>(in weights, step, sequence + 3));
    }

    float Product<TWeights, TRange, S>(in TWeights weights, int step, int sequence)
        where TWeights : struct, IHeldWeights<TWeights, S> where TRange : struct, IRange where S : struct, ISlots<S, CudaSingle>
    {
        S sums = S.Load(default(Portable.ZeroMemory<CudaSingle>), 0, S.Count);
        TWeights.Dot<TRange>(ref sums, in weights, memory, GradientsAt(step) + sequence * Pitch + FirstUnit / 4);
        return CudaSingle.Value(S.Sum(sums, TRange.First, TRange.Count));
    }

    /// <summary>What came for a step, of this thread's unit and the sequence of its lane's number.</summary>
    public CudaSingle Sum(int step)
    {
        ArrayView<float> summands = memory.Cast<float>();
        int pitch = ClusterShape.Units * sequences;
        int at = Messages.At(step) * 4 + place.UnitInBlock * sequences + (place.Lane & sequences - 1);
        float a = summands[at] + summands[at + pitch], b = summands[at + 2 * pitch] + summands[at + 3 * pitch];
        float c = summands[at + 4 * pitch] + summands[at + 5 * pitch], d = summands[at + 6 * pitch] + summands[at + 7 * pitch];
        return new(a + b + (c + d));
    }

    readonly struct Unit(ArrayView<float> memory, int at) : ISlotMemory<CudaSingle>
    {
        readonly ArrayView<float> memory = memory;
        readonly int at = at;

        public CudaSingle Load(int slot) => new(memory[at + slot * ClusterShape.Units]);

        public void Store(int slot, CudaSingle value) => memory[at + slot * ClusterShape.Units] = CudaSingle.Value(value);
    }
}

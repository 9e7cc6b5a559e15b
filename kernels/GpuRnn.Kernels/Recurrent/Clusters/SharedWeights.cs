using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>How many weights of a lane are in shared memory, beside those in registers.</summary>
interface ISharedQuads
{
    /// <summary>Quads of summands, beside so many in registers.</summary>
    static abstract int Beside(int held);
}

/// <summary>None.</summary>
struct NoneShared : ISharedQuads
{
    public static int Beside(int held) => 0;
}

/// <summary>As many as in registers: half of W_hh.</summary>
struct HalfShared : ISharedQuads
{
    public static int Beside(int held) => held;
}

/// <summary>
/// Weights of a unit that a lane has in shared memory, where registers do not hold all. No other lane reads them: neighbouring threads are
/// neighbours there, so that no two meet in a bank. A weight is read once a step for four sequences.
/// </summary>
/// <param name="quads">Quads of summands of a lane.</param>
/// <param name="held">Quads before them, which are in registers.</param>
readonly struct SharedWeights(int quads, int held)
{
    /// <summary>Sequences whose sums are made at the same time, at most.</summary>
    public const int MostSequences = 4;

    readonly int quads = quads, held = held;
    readonly ArrayView<float> memory = SharedMemory.GetDynamic<float>();

    /// <summary>Bytes of shared memory of so many.</summary>
    public static int Bytes(int quads, int slots) => quads * 4 * slots * ClusterShape.Threads * sizeof(float);

    Slots At(int quad, int element, int slots) =>
        new(memory, ClusterShape.ReservedBytes / sizeof(float) + (quad * 4 + element) * slots * ClusterShape.Threads + Group.IdxX);

    /// <summary>Puts them there.</summary>
    public void Load<TFrom, TRange, S>(in TFrom from)
        where TFrom : struct, IWeightPlaces where TRange : struct, IRange where S : struct, ISlots<S, CudaSingle>
    {
        for (int quad = 0; quad < quads; quad++)
            for (int element = 0; element < 4; element++)
                S.Store(At(quad, element, TRange.Count), from.Load<S, TRange>(held + quad, element), TRange.First, TRange.Count);
    }

    /// <summary>Adds their products with h of all sequences, `pitch` quads from one to the next.</summary>
    public void Add<TSequences, TRange, S>(ref TSequences sums, ArrayView<Quad<float>> h, int at, int pitch)
        where TSequences : struct, IClusterSequences<TSequences, S> where TRange : struct, IRange where S : struct, ISlots<S, CudaSingle>
    {
        for (int quad = 0; quad < quads; quad++)
        {
            S a = S.Load(At(quad, 0, TRange.Count), TRange.First, TRange.Count);
            S b = S.Load(At(quad, 1, TRange.Count), TRange.First, TRange.Count);
            S c = S.Load(At(quad, 2, TRange.Count), TRange.First, TRange.Count);
            S d = S.Load(At(quad, 3, TRange.Count), TRange.First, TRange.Count);
            TSequences.Fma<TRange>(ref sums, a, b, c, d, h, at + ClusterShape.Lanes * (held + quad), pitch);
        }
    }

    readonly struct Slots(ArrayView<float> memory, int at) : ISlotMemory<CudaSingle>
    {
        readonly ArrayView<float> memory = memory;
        readonly int at = at;

        public CudaSingle Load(int slot) => new(memory[at + slot * ClusterShape.Threads]);

        public void Store(int slot, CudaSingle value) => memory[at + slot * ClusterShape.Threads] = CudaSingle.Value(value);
    }
}

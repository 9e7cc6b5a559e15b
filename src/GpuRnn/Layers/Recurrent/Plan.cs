using System.Runtime.CompilerServices;
using GpuRnn.Devices;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>How a layer's pass runs: decided once, from the device and the shape, and nowhere else.</summary>
/// <param name="Strategy">How workers share it.</param>
/// <param name="Workers">How many there are.</param>
/// <param name="Chunk">Steps after which the backward pass makes dx.</param>
/// <param name="Projected">Steps whose input products are made at once, where workers own hidden units.</param>
/// <param name="Reason">Why, in one line.</param>
readonly record struct Plan(Strategy Strategy, int Workers, int Chunk, int Projected, string Reason)
{
    /// <summary>Workers that sequences are shared out to by their lengths; where workers own hidden units, nobody asks.</summary>
    public int Owners => Strategy == Strategy.SequencesOwned ? Workers : 1;

    /// <summary>Gate gradients of a chunk, in bytes a worker, that should stay in its second-level cache.</summary>
    const int ChunkBytes = 1 << 19;

    /// <summary>Rows whose input products are made at once, at least one step: enough to share the reading of W_ih, few enough for a cache.</summary>
    public const int ProjectedRows = 96;

    /// <summary>Weights that a last-level cache does not keep beside everything else, in bytes.</summary>
    const long LargeWeights = 16 << 20;

    /// <summary>
    /// With fewer sequences than these, workers of a CPU share hidden units: they would not fill a register tile each; and large weights come from
    /// memory, where each worker better reads its part than all of them. By H alone, for all layers of a network decide alike.
    /// </summary>
    public static int FewSequences<E>(Device device, RecurrentLayer<E> layer) where E : unmanaged =>
        (2L * layer.Kernels.Gates * layer.H * layer.H * Unsafe.SizeOf<E>() > LargeWeights ? 16 : 2) * device.Workers;

    public static Plan Of<E>(Device device, RecurrentLayer<E> layer, int steps, int sequences, Strategy? forced) where E : unmanaged
    {
        int projected = Math.Clamp(ProjectedRows / Math.Max(1, sequences), 1, Math.Max(1, steps));
        if (device.Kind != DeviceKind.Cpu)
        {
            int tiles = Math.Max(1, PortableShape.Tiles(sequences));
            string groups = $"{PortableShape.Rows} sequences fill {Math.Min(tiles, device.Workers)} of {device.Workers} multiprocessors";
            return (forced ?? OfGroups(sequences, layer.Panels, device.Workers)) == Strategy.SequencesOwned
                ? new(Strategy.SequencesOwned, tiles, Math.Max(1, steps), projected, $"groups of {groups}: one launch")
                : new(Strategy.HiddenOwned, layer.Panels * tiles, Math.Max(1, steps), projected,
                    $"groups of {groups}: a group for every {PortableShape.Width} hidden units of each, a launch a step");
        }
        Strategy strategy = forced ?? (sequences < FewSequences(device, layer) ? Strategy.HiddenOwned : Strategy.SequencesOwned);
        if (strategy == Strategy.HiddenOwned)
            return new(
                strategy, Math.Min(device.Workers, layer.Panels),
                Math.Max(1, steps), projected,
                "few sequences for these weights: workers own hidden units and meet each step");
        int workers = Math.Max(1, Math.Min(device.Workers, sequences));
        long rowBytes = (long)layer.H * (layer.Kernels.First.Slots + layer.Kernels.Second.Slots) * Unsafe.SizeOf<E>();
        long chunk = ChunkBytes / (rowBytes * Math.Max(1, sequences / workers));
        return new(strategy, workers, (int)Math.Clamp(chunk, 1, Math.Max(1, steps)), projected, "workers own sequences and never wait");
    }

    /// <summary>
    /// Who owns what where thread groups cannot wait for each other: groups that own sequences need one launch for all steps, but there are
    /// only so many as tiles of sequences; those that own a panel of a tile need a launch a step. So sequences are owned where they give
    /// every multiprocessor a group, or where panels would give no more.
    /// </summary>
    public static Strategy OfGroups(int sequences, int panels, int multiprocessors) =>
        PortableShape.Tiles(sequences) >= multiprocessors || panels == 1 ? Strategy.SequencesOwned : Strategy.HiddenOwned;

    /// <summary>The plan in words.</summary>
    public string Describe<E>(Device device, RecurrentLayer<E> layer, bool training) where E : unmanaged
    {
        string tile = device.Kind == DeviceKind.Cpu
            ? $"CPU tile of {device.VectorBits}-bit vectors"
            : $"portable tile of {PortableShape.Rows} rows x {PortableShape.Width} units";
        string batch = Strategy == Strategy.HiddenOwned && layer.Kernels.Projects ? $", x projected {Projected} steps at a time" : "";
        string workers = device.Kind == DeviceKind.Cpu ? "workers" : "groups";
        return $"{Strategy} ({Reason}), {tile}, {layer.Panels} panels of {layer.Kernels.Width} units, {Workers} {workers}{batch}"
            + (training ? $", dx every {Chunk} steps" : "");
    }

    /// <summary>The launch: threads of one group on the CPU, groups of a grid elsewhere.</summary>
    public static KernelConfig Config(Device device, int workers) =>
        device.Kind == DeviceKind.Cpu ? new(1, workers) : new(workers, PortableShape.Threads);
}

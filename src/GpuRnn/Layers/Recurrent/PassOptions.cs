using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;

namespace GpuRnn.Layers;

/// <summary>What a pass is planned for.</summary>
public sealed record PassOptions
{
    /// <summary>Does a backward pass follow? Then the forward pass saves what it needs.</summary>
    public bool Training { get; init; }

    /// <summary>Are the caller's arrays [B, T, ...] rather than [T, B, ...]?</summary>
    public bool BatchFirst { get; init; }

    /// <summary>Is the gradient of the input wanted? Never for indices.</summary>
    public bool InputGradient { get; init; } = true;

    /// <summary>
    /// In training, k: c is kept every k steps and the gates of k steps are computed again when the backward pass needs them, which costs
    /// about a third more time and leaves about k / T of the memory for gates and c (plus c / (gates k)); about T / 7 is a good k. 0:
    /// everything is kept.
    /// </summary>
    public int Recompute { get; init; }

    /// <summary>
    /// In training, what each layer leaves out of the rows of the layer below (never of h as it goes on in time);
    /// <see cref="Pass{E}.DropoutStep"/> says which masks. Null for none.
    /// </summary>
    public DropoutOptions? Dropout { get; init; }

    /// <summary>Steps whose gates are in memory at a time.</summary>
    internal int Segment(int steps) => Training && Recompute > 0 ? Math.Min(Recompute, steps) : steps;

    /// <summary>In inference, how packed weights are stored. Networks of float only.</summary>
    public WeightPrecision WeightPrecision { get; init; }

    internal Storage StorageOf<E>(RecurrentOptions network, Device device) where E : unmanaged, IFloatingPointIeee754<E>
    {
        Limits.Known(WeightPrecision, "The weights' precision of a pass");
        Storage storage = network.Storage ?? Storage.Plain(typeof(E));
        if (WeightPrecision == WeightPrecision.Full) return storage;
        string what = WeightPrecision == WeightPrecision.Int8 ? "int8" : "bfloat16";
        if (Training) throw new BadArgumentException($"Weights in {what} are for inference; a training pass needs WeightPrecision.Full.");
        if (typeof(E) != typeof(float))
            throw new BadArgumentException($"Weights in {what} are for networks of float; one of double needs WeightPrecision.Full.");
        if (WeightPrecision == WeightPrecision.BFloat16) return storage with { Weights = typeof(BFloat) };
        return device.Kind == DeviceKind.Cpu ? storage with { Weights = typeof(Scaled<,,>) } : throw new BadArgumentException(
            $"Weights in int8 are for a CPU; on {device.Name} a pass needs WeightPrecision.BFloat16 or Full.");
    }

    /// <summary>How workers share the pass; null for the plan's choice.</summary>
    public Strategy? Strategy { get; init; }

    /// <summary>
    /// On a CPU, how workers share the pass, as far as a batch has so many sequences and a layer so many units; null for the way of the
    /// least predicted time. For measuring: see <see cref="Pass{E}.Candidates"/>.
    /// </summary>
    public WorkSharing? Sharing { get; init; }

    internal void CheckSharing(Device device)
    {
        if (Sharing is not { } s) return;
        if (s.Groups < 1 || s.Members < 1 || s.ProjectedSteps < 0 || (long)s.Groups * s.Members > device.Workers)
            throw new BadArgumentException(
                $"PassOptions.Sharing is {s}; groups and members are 1 at least, projected steps 0, and the device has {device.Workers} "
                + "workers for all groups.");
    }
}

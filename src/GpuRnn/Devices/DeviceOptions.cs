using Microsoft.Extensions.Logging;

namespace GpuRnn.Devices;

/// <summary>How a device is opened; workers and vectors are those of the CPU.</summary>
public sealed record DeviceOptions
{
    /// <summary>
    /// Where the device, and the models on it, write what they do: which device was opened and which not, kernels compiled, plans, steps
    /// left out. Null for nowhere.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary>Worker threads; 0 for one a core that this process may use.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// Ties each worker to a core of the allowed set, where there are as many workers as cores, neighbours to one node of memory; fewer
    /// workers to one node, where there are several (Linux). Leave the workers free where other busy threads share the cores.
    /// </summary>
    public bool PinWorkers { get; init; } = true;

    /// <summary>Do plans go by what `gpurnn tune` measured on this machine, where it did?</summary>
    public bool UseTuning { get; init; } = true;

    /// <summary>Bits of the vectors: 128, 256 or 512; 0 for the widest that the machine is fast with.</summary>
    public int VectorBits { get; init; }
}

namespace GpuRnn.Devices;

/// <summary>How the CPU accelerator is made. Other devices have no options.</summary>
public sealed record DeviceOptions
{
    /// <summary>Worker threads; 0 for one a core that this process may use.</summary>
    public int Workers { get; init; }

    /// <summary>Ties each worker to a core of the allowed set, where there are as many workers as cores (Linux). Leave the workers free where other busy threads share the cores.</summary>
    public bool PinWorkers { get; init; } = true;

    /// <summary>Bits of the vectors: 128, 256 or 512; 0 for the widest that the machine is fast with.</summary>
    public int VectorBits { get; init; }
}

using GpuRnn.Kernels.Recurrent.Clusters;

namespace GpuRnn.Backends.Clusters;

/// <summary>
/// Eight bytes of the host's memory that kernels reach too: the <see cref="ClusterFault"/> of one that gave up waiting. To look at them
/// costs the host nothing.
/// </summary>
/// <param name="word">As the host has them.</param>
/// <param name="address">As kernels have them.</param>
/// <param name="free">Frees them.</param>
sealed unsafe class FaultWord(nint word, long address, Action free) : IDisposable
{
    /// <summary>As kernels have them.</summary>
    public long Address => address;

    /// <summary>What has been left there since the last time, in words; null for nothing. For when the device is not at work.</summary>
    public string? Take()
    {
        long left = Volatile.Read(ref *(long*)word);
        if (left == 0) return null;
        Volatile.Write(ref *(long*)word, 0);
        return ClusterFault.Describe(left);
    }

    public void Dispose() => free();
}

using GpuRnn.Ptx.Machine;

namespace GpuRnn.Ptx.Memory;

/// <summary>
/// An mbarrier: a phase ends when so many threads have arrived and all bytes have that were announced; then the next begins. PTX ISA,
/// chapter "Parallel Synchronization and Communication Instructions: mbarrier".
/// </summary>
sealed class MemoryBarrier
{
    readonly int count;
    int pending;
    long bytes;
    Knowledge? gathered;

    /// <param name="count">Arrivals of a phase.</param>
    public MemoryBarrier(int count) => this.count = pending = count;

    /// <summary>Phases that have ended.</summary>
    public int Phase { get; private set; }

    /// <summary>What those knew who arrived in the phase that ended last.</summary>
    public Knowledge? Known { get; private set; }

    /// <summary>Somebody arrives, and so many bytes are announced.</summary>
    /// <returns>False if that is one too many.</returns>
    public bool Arrive(long announced, Knowledge known)
    {
        if (pending == 0) return false;
        bytes += announced;
        pending--;
        Hear(known);
        Complete();
        return true;
    }

    /// <summary>Bytes are announced by somebody who does not arrive.</summary>
    public void Announce(long announced) => bytes += announced;

    /// <summary>Bytes have come.</summary>
    public void Come(long number, Knowledge known)
    {
        bytes -= number;
        Hear(known);
        Complete();
    }

    void Hear(Knowledge known) => gathered = gathered?.With(known) ?? known;

    void Complete()
    {
        if (pending > 0 || bytes != 0) return;
        (Phase, pending, Known, gathered) = (Phase + 1, count, gathered, null);
    }

    public override string ToString() => $"phase {Phase}: {pending} of {count} arrivals and {bytes} bytes are missing";
}

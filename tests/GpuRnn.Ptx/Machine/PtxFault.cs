namespace GpuRnn.Ptx.Machine;

/// <summary>What a kernel did that it may not do: the instruction, where it stands, and who did it.</summary>
/// <param name="kind">Of what sort.</param>
/// <param name="message">One line.</param>
public sealed class PtxFaultException(PtxFault kind, string message) : Exception(message)
{
    /// <summary>Of what sort.</summary>
    public PtxFault Kind { get; } = kind;
}

/// <summary>Sorts of faults.</summary>
public enum PtxFault
{
    /// <summary>An address that belongs to no memory, or lies beyond the end of one.</summary>
    Bounds,
    /// <summary>An address that is no multiple of what is read or written.</summary>
    Alignment,
    /// <summary>A register, or memory, that nothing wrote.</summary>
    Unwritten,
    /// <summary>Two threads at one address, one of them writing, and nothing that orders them.</summary>
    Race,
    /// <summary>Threads of a warp that part where the instruction says that they do not.</summary>
    Divergence,
    /// <summary>Everybody waits.</summary>
    Deadlock,
    /// <summary>More instructions than the kernel may need.</summary>
    Endless,
    /// <summary>An instruction that this machine does not know.</summary>
    Unknown,
    /// <summary>A launch that a GPU would refuse.</summary>
    Launch,
}

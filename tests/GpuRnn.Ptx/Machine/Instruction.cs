using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Machine;

/// <summary>An instruction that knows what its operands are.</summary>
abstract class Instruction
{
    /// <summary>How it is written.</summary>
    public Statement Source { get; set; } = null!;

    /// <summary>Its place in the kernel.</summary>
    public int Place { get; set; }

    /// <summary>The predicate that chooses lanes; -1 for all.</summary>
    public int Guard { get; set; } = -1;

    /// <summary>Does it want all lanes of a warp at once?</summary>
    public virtual bool IsAligned => false;

    /// <summary>Runs it for some lanes. The fragment stands behind it already.</summary>
    public abstract void Run(Fragment fragment, uint lanes);
}

namespace GpuRnn.Ptx.Machine;

/// <summary>Lanes of a warp that go together. A warp is one, until a branch parts it.</summary>
/// <param name="warp">Whose.</param>
sealed class Fragment(Warp warp)
{
    /// <summary>Whose.</summary>
    public Warp Warp => warp;

    /// <summary>Which lanes, a bit each; none once they are done.</summary>
    public uint Lanes { get; set; }

    /// <summary>The instruction that comes next.</summary>
    public int At { get; set; }

    /// <summary>What they wait for, in words; null while they run.</summary>
    public string? Waits { get; set; }

    /// <summary>Where they meet those again that they parted from; null where nobody did.</summary>
    public Meeting? Meeting { get; set; }
}

/// <summary>Lanes that parted, and the instruction at which those that come first wait for the others.</summary>
/// <param name="at">The instruction; -1 for none.</param>
/// <param name="expected">The lanes.</param>
/// <param name="outer">Where all of them then meet others.</param>
sealed class Meeting(int at, uint expected, Meeting? outer)
{
    /// <summary>The instruction; -1 for none.</summary>
    public int At => at;

    /// <summary>Where all of them then meet others.</summary>
    public Meeting? Outer => outer;

    /// <summary>The lanes that are to come.</summary>
    public uint Expected { get; private set; } = expected;

    /// <summary>The lanes that have.</summary>
    public uint Arrived { get; set; }

    /// <summary>These will not come.</summary>
    public void Left(uint lanes)
    {
        for (Meeting? m = this; m is not null; m = m.Outer) m.Expected &= ~lanes;
    }
}

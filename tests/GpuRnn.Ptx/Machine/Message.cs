namespace GpuRnn.Ptx.Machine;

/// <summary>Numbers on their way from a thread to shared memory of its cluster.</summary>
/// <param name="Warp">Of the thread.</param>
/// <param name="Lane">The thread.</param>
/// <param name="To">Whose memory.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="Barrier">The mbarrier there that waits for the bytes.</param>
/// <param name="Values">The numbers.</param>
/// <param name="Size">Bytes of each.</param>
sealed record Message(Warp Warp, int Lane, Block To, int Offset, int Barrier, ulong[] Values, int Size)
{
    readonly Memory.Touch touch = Warp.Touch(Lane, strong: false);
    /// <summary>What the sender knew, and had done.</summary>
    readonly Knowledge known = Warp.Block.Tell(Warp.Thread(Lane));

    /// <summary>They are there.</summary>
    public void Arrive()
    {
        int bytes = Size * Values.Length;
        if (To.IsDone) throw Warp.Fault(PtxFault.Bounds, Lane, $"sent to block {To.Number}, which has left before the message came");
        Span<byte> to = To.Shared.Write((ulong)Offset, bytes, Warp, Lane);
        To.Shared.Shadow.Write(Offset, bytes, Warp, Lane, touch, known);
        for (int i = 0; i < bytes; i++) to[i] = (byte)(Values[i / Size] >> 8 * (i % Size));
        if (!To.MemoryBarriers.TryGetValue(Barrier, out Memory.MemoryBarrier? barrier))
            throw Warp.Fault(PtxFault.Unwritten, Lane, $"tells {Barrier} of bytes, where no mbarrier was made");
        barrier.Come(bytes, known);
    }
}

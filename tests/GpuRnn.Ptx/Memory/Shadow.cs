using System.Runtime.CompilerServices;
using GpuRnn.Ptx.Machine;

namespace GpuRnn.Ptx.Memory;

/// <summary>Who touched a piece of memory.</summary>
/// <param name="Block">The block.</param>
/// <param name="Thread">The thread of it.</param>
/// <param name="Clock">When, by its own clock.</param>
/// <param name="Instruction">By which instruction.</param>
/// <param name="Strong">By one that is made for memory that others touch at the same time.</param>
readonly record struct Touch(int Block, int Thread, int Clock, int Instruction, bool Strong)
{
    /// <summary>Is this nobody, the same thread, one whose touch happened before, or one that may do so at the same time?</summary>
    public bool IsBefore(Touch now, Knowledge known) =>
        Clock == 0 || Thread == now.Thread && Block == now.Block || Strong && now.Strong || known.Has(Block, Thread, Clock);
}

/// <summary>
/// Who last wrote and who read every piece of some memory (of four bytes, or of two or one where the kernel reads such) in this launch, so
/// that two that nothing orders are found: the epochs of FastTrack (Flanagan and Freund 2009), with some readers kept of many.
/// </summary>
/// <param name="bytes">How much memory.</param>
sealed class Shadow(long bytes)
{
    const int PageShift = 10;

    readonly Cell[]?[] pages = new Cell[]?[(bytes >> PageShift + 1) + 1];

    [InlineArray(Readers)]
    struct Reads
    {
        Touch first;
    }

    const int Readers = 3;

    struct Cell
    {
        public long Launch;
        public Touch Write;
        public Reads Read;
        public int ReadCount;
    }

    /// <summary>Notes a read.</summary>
    public void Read(long offset, int bytes, Warp warp, int lane, bool strong = false)
    {
        int shift = warp.Grid.PieceShift;
        Touch now = warp.Touch(lane, strong);
        Knowledge known = warp.Known(lane);
        for (long piece = offset >> shift; piece << shift < offset + bytes; piece++)
        {
            ref Cell cell = ref At(piece, warp.Grid.Launch);
            if (!cell.Write.IsBefore(now, known) && warp.Grid.Shape.SeesRaces) throw Race(warp, lane, "reads what", "wrote", cell.Write);
            int place = 0;
            while (place < cell.ReadCount && !cell.Read[place].IsBefore(now, known)) place++;
            if (place == Readers) place = (int)((piece + now.Thread) % Readers);
            else if (place == cell.ReadCount) cell.ReadCount++;
            cell.Read[place] = now;
        }
    }

    /// <summary>Notes a write.</summary>
    public void Write(long offset, int bytes, Warp warp, int lane, bool strong = false) =>
        Write(offset, bytes, warp, lane, warp.Touch(lane, strong), warp.Known(lane));

    /// <summary>Notes a write of a thread that has gone on since.</summary>
    public void Write(long offset, int bytes, Warp warp, int lane, Touch now, Knowledge known)
    {
        int shift = warp.Grid.PieceShift;
        for (long piece = offset >> shift; piece << shift < offset + bytes; piece++)
        {
            ref Cell cell = ref At(piece, warp.Grid.Launch);
            if (!cell.Write.IsBefore(now, known) && warp.Grid.Shape.SeesRaces) throw Race(warp, lane, "writes what", "wrote", cell.Write);
            for (int i = 0; i < cell.ReadCount; i++)
                if (!cell.Read[i].IsBefore(now, known) && warp.Grid.Shape.SeesRaces)
                    throw Race(warp, lane, "writes what", "reads", cell.Read[i]);
            (cell.Write, cell.ReadCount) = (now, 0);
        }
    }

    ref Cell At(long piece, long launch)
    {
        ref Cell[]? page = ref pages[piece >> PageShift];
        ref Cell cell = ref (page ??= new Cell[1 << PageShift])[piece & (1 << PageShift) - 1];
        if (cell.Launch != launch) cell = new() { Launch = launch };
        return ref cell;
    }

    static PtxFaultException Race(Warp warp, int lane, string does, string did, Touch other) => warp.Fault(PtxFault.Race, lane,
        $"{does} {Machine.Grid.Who(other.Block, other.Thread)} {did} with nothing between that orders them, at "
        + warp.Grid.Where(other.Instruction));
}

using System.Runtime.CompilerServices;
using GpuRnn.Ptx.Machine;

namespace GpuRnn.Ptx.Memory;

/// <summary>Who touched a piece of memory: a thread, when by its own clock, and by which instruction.</summary>
readonly record struct Touch(int Thread, int Clock, int Instruction);

/// <summary>
/// Who last wrote and who read every piece of some memory (of four bytes, or of two where the kernel reads such) in this launch, so that two that nothing orders are found: the epochs of
/// FastTrack (Flanagan and Freund 2009), with some readers kept of many.
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
    public void Read(long offset, int bytes, Warp warp, int lane)
    {
        int shift = warp.Grid.PieceShift;
        for (long piece = offset >> shift; piece << shift < offset + bytes; piece++)
        {
            ref Cell cell = ref At(piece, warp.Grid.Launch);
            Touch now = warp.Touch(lane);
            if (cell.Write.Clock > 0 && cell.Write.Thread != now.Thread && !warp.Knows(lane, cell.Write))
                throw Race(warp, lane, "reads what", "wrote", cell.Write);
            int place = -1;
            for (int i = 0; i < cell.ReadCount && place < 0; i++)
                if (cell.Read[i].Thread == now.Thread || warp.Knows(lane, cell.Read[i])) place = i;
            if (place < 0) place = cell.ReadCount < Readers ? cell.ReadCount++ : (int)((piece + now.Thread) % Readers);
            cell.Read[place] = now;
        }
    }

    /// <summary>Notes a write.</summary>
    public void Write(long offset, int bytes, Warp warp, int lane)
    {
        int shift = warp.Grid.PieceShift;
        for (long piece = offset >> shift; piece << shift < offset + bytes; piece++)
        {
            ref Cell cell = ref At(piece, warp.Grid.Launch);
            Touch now = warp.Touch(lane);
            if (cell.Write.Clock > 0 && cell.Write.Thread != now.Thread && !warp.Knows(lane, cell.Write))
                throw Race(warp, lane, "writes what", "wrote", cell.Write);
            for (int i = 0; i < cell.ReadCount; i++)
                if (cell.Read[i].Thread != now.Thread && !warp.Knows(lane, cell.Read[i]))
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
        $"{does} {warp.Grid.Who(other.Thread)} {did} with nothing between that orders them, at {warp.Grid.Where(other.Instruction)}");
}

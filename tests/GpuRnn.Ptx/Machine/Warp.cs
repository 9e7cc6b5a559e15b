using System.Numerics;
using GpuRnn.Ptx.Memory;

namespace GpuRnn.Ptx.Machine;

/// <summary>32 threads with their registers.</summary>
sealed class Warp
{
    readonly ulong[] values;
    readonly uint[] written;
    readonly uint[] predicates;
    readonly uint[] decided;
    readonly List<Fragment> fragments = [];

    /// <param name="block">Whose.</param>
    /// <param name="number">Which of the block.</param>
    /// <param name="threads">Threads of it.</param>
    public Warp(Block block, int number, int threads)
    {
        (Block, Number) = (block, number);
        Live = threads == Names.Lanes ? uint.MaxValue : (1u << threads) - 1;
        Names names = Grid.Code.Names;
        values = GC.AllocateUninitializedArray<ulong>(names.Count * Names.Lanes);
        written = new uint[names.Count];
        predicates = new uint[names.Predicates];
        decided = new uint[names.Predicates];
        Fill(names);
        fragments.Add(new(this) { Lanes = Live });
        if (Grid.Code.Text.LocalBytes > 0)
            Local = [.. Enumerable.Range(0, threads).Select(_ => new BlockMemory(Grid.Code.Text.LocalBytes))];
        Current = Grid.Code.Instructions[0];
    }

    /// <summary>Whose it is.</summary>
    public Block Block { get; }
    /// <summary>Which of the block.</summary>
    public int Number { get; }
    /// <summary>Of which grid.</summary>
    public Grid Grid => Block.Grid;
    /// <summary>Lanes that have not left.</summary>
    public uint Live { get; private set; }
    /// <summary>Memory of each lane.</summary>
    public BlockMemory[] Local { get; } = [];
    /// <summary>What is being run.</summary>
    public Instruction Current { get; private set; }

    void Fill(Names names)
    {
        for (int column = names.Registers; column < names.Count; column++) written[column] = uint.MaxValue;
        foreach ((ulong bits, int column) in names.Constants) Column(column).Fill(bits);
        for (int lane = 0; lane < Names.Lanes; lane++)
        {
            int thread = Number * Names.Lanes + lane;
            (int x, int y, int z) = Grid.Shape.Block;
            int[] special =
            [
                thread % x, thread / x % y, thread / x / y, x, y, z, Block.X, Block.Y, Block.Z,
                Grid.Shape.Grid.X, Grid.Shape.Grid.Y, Grid.Shape.Grid.Z, lane, Number, Block.WarpCount, Block.Rank, Grid.Shape.Cluster,
                Grid.Shape.DynamicShared, Block.Shared.Size,
            ];
            for (int i = 0; i < special.Length; i++) Column(names.Registers + i)[lane] = (ulong)special[i];
        }
        int next = names.Registers + Names.Special.Length;
        foreach (Text.Variable v in Grid.Code.Text.Shared.Values) Column(next++).Fill((ulong)v.Offset);
        if (Grid.Code.Text.DynamicShared is not null) Column(next++).Fill((ulong)Grid.DynamicSharedOffset);
        foreach (Text.Variable v in Grid.Code.Text.Local.Values) Column(next++).Fill((ulong)v.Offset);
    }

    Span<ulong> Column(int column) => values.AsSpan(column * Names.Lanes, Names.Lanes);

    /// <summary>A column that some lanes read.</summary>
    public ReadOnlySpan<ulong> Read(int column, uint lanes)
    {
        if ((written[column] & lanes) != lanes) Unwritten(written[column], lanes);
        return Column(column);
    }

    /// <summary>A column that some lanes write.</summary>
    public Span<ulong> Write(int column, uint lanes)
    {
        written[column] |= lanes;
        return Column(column);
    }

    /// <summary>Lanes whose predicate is true.</summary>
    public uint Predicate(int predicate, uint lanes)
    {
        if ((decided[predicate] & lanes) != lanes) Unwritten(decided[predicate], lanes);
        return predicates[predicate];
    }

    /// <summary>Sets a predicate of some lanes.</summary>
    public void SetPredicate(int predicate, uint lanes, uint value)
    {
        predicates[predicate] = predicates[predicate] & ~lanes | value & lanes;
        decided[predicate] |= lanes;
    }

    void Unwritten(uint done, uint lanes) =>
        throw Fault(PtxFault.Unwritten, BitOperations.TrailingZeroCount(lanes & ~done), "reads a register that nothing wrote");

    /// <summary>The number of a lane's thread in the block.</summary>
    public int Thread(int lane) => Number * Names.Lanes + lane;

    /// <summary>This moment of a lane.</summary>
    public Touch Touch(int lane, bool strong) => new(Block.Number, Thread(lane), Block.Clocks[Thread(lane)], Current.Place, strong);

    /// <summary>What has happened before what a lane does now.</summary>
    public Knowledge Known(int lane) => Block.Known[Thread(lane)];

    /// <summary>A fault of the instruction that is being run.</summary>
    public PtxFaultException Fault(PtxFault kind, int lane, string message) => new(kind,
        $"{Grid.Where(Current.Place)}: {Grid.Who(Block.Number, Thread(lane))} {message} [seed {Grid.Shape.Seed}]");

    /// <summary>A part of it that can run, any of them; null where all wait or have left.</summary>
    public Fragment? Ready(Random random)
    {
        Fragment? chosen = null;
        int count = 0;
        foreach (Fragment f in fragments)
            if (f.Waits is null && random.Next(++count) == 0) chosen = f;
        return chosen;
    }

    /// <summary>Those that wait.</summary>
    public IEnumerable<Fragment> Waiting => fragments.Where(f => f.Waits is not null);

    /// <summary>Runs a part of it for so many instructions, or until it waits, meets others, or leaves.</summary>
    public int Run(Fragment fragment, int most)
    {
        Instruction[] code = Grid.Code.Instructions;
        int done = 0;
        while (done < most && fragment.Lanes != 0 && fragment.Waits is null)
        {
            if (fragment.Meeting is { } meeting && meeting.At == fragment.At)
            {
                Arrive(fragment, meeting);
                continue;
            }
            Current = code[fragment.At];
            uint lanes = fragment.Lanes;
            if (Current.IsAligned && lanes != Live) throw Fault(PtxFault.Divergence, BitOperations.TrailingZeroCount(Live & ~lanes),
                "is not there, where an instruction is for all lanes of a warp");
            if (Current.Guard >= 0)
                lanes &= Current.Source.Negated ? ~Predicate(Current.Guard, lanes) : Predicate(Current.Guard, lanes);
            Grid.Code.Reached[fragment.At++] = true;
            done++;
            if (lanes != 0) Current.Run(fragment, lanes);
        }
        return done;
    }

    /// <summary>Lanes of a fragment go another way, until they meet again.</summary>
    public void Part(Fragment fragment, uint lanes, int at)
    {
        fragment.Meeting = new(Grid.Code.MeetingPlace(Current.Place), fragment.Lanes, fragment.Meeting);
        fragment.Lanes &= ~lanes;
        fragments.Add(new(this) { Lanes = lanes, At = at, Meeting = fragment.Meeting });
    }

    void Arrive(Fragment fragment, Meeting meeting)
    {
        meeting.Arrived |= fragment.Lanes;
        fragments.Remove(fragment);
        fragment.Lanes = 0;
        Complete(meeting);
    }

    void Complete(Meeting meeting)
    {
        if (meeting.Arrived == 0 || meeting.Arrived != meeting.Expected) return;
        fragments.Add(new(this) { Lanes = meeting.Arrived, At = meeting.At, Meeting = meeting.Outer });
        meeting.Arrived = 0;
    }

    /// <summary>Lanes of a fragment are done.</summary>
    public void Leave(Fragment fragment, uint lanes)
    {
        fragment.Lanes &= ~lanes;
        Live &= ~lanes;
        if (fragment.Lanes == 0) fragments.Remove(fragment);
        fragment.Meeting?.Left(lanes);
        for (Meeting? m = fragment.Meeting; m is not null; m = m.Outer) Complete(m);
        Block.Left(BitOperations.PopCount(lanes));
    }
}

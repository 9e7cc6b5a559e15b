using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>
/// Copies from global to shared memory that go on beside the thread, until it waits for them. What they fill holds nothing until then:
/// who reads it sooner is found.
/// </summary>
static class AsyncCopies
{
    /// <summary>A copy of a thread.</summary>
    internal readonly record struct Copy(Allocation From, long At, ulong To, int Bytes);

    /// <summary>The copies of a thread, in the groups that it can wait for.</summary>
    internal sealed class Groups
    {
        public Queue<List<Copy>> Committed { get; } = new();
        public List<Copy> Open { get; set; } = [];
    }

    sealed class Start(Places to, Places from) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ulong[] targets = [.. warp.Read(to.Base, lanes)], sources = [.. warp.Read(from.Base, lanes)];
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong target = to.Address(warp, targets, lane), source = from.Address(warp, sources, lane);
                Allocation memory = warp.Grid.Memory.Find(source, from.Size, warp, lane);
                memory.Shadow.Read(Allocation.Offset(source), from.Size, warp, lane);
                warp.Block.Shared.Shadow.Write((long)target, to.Size, warp, lane);
                warp.Block.Shared.Forget(target, to.Size, warp, lane);
                warp.Block.Copies(warp.Thread(lane)).Open.Add(new(memory, Allocation.Offset(source), target, to.Size));
            }
        }
    }

    sealed class Commit : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                Groups groups = fragment.Warp.Block.Copies(fragment.Warp.Thread(lane));
                groups.Committed.Enqueue(groups.Open);
                groups.Open = [];
            }
        }
    }

    /// <summary>Until no more than so many of the last groups are on their way; all, and what belongs to none, for -1.</summary>
    sealed unsafe class Wait(int left) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                Groups groups = warp.Block.Copies(warp.Thread(lane));
                while (groups.Committed.Count > Math.Max(0, left)) Land(groups.Committed.Dequeue(), warp, lane);
                if (left >= 0) continue;
                Land(groups.Open, warp, lane);
                groups.Open = [];
            }
        }

        static void Land(List<Copy> copies, Warp warp, int lane)
        {
            foreach (Copy c in copies)
            {
                c.From.Shadow.Read(c.At, c.Bytes, warp, lane);
                Span<byte> to = warp.Block.Shared.Write(c.To, c.Bytes, warp, lane);
                warp.Block.Shared.Shadow.Write((long)c.To, c.Bytes, warp, lane);
                new ReadOnlySpan<byte>(c.From.Native + c.At, c.Bytes).CopyTo(to);
            }
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        if (s.Words[1] != "async" || s.Has("bulk") || s.Has("mbarrier")) return null;
        if (s.Has("commit_group")) return new Commit();
        if (s.Has("wait_all")) return new Wait(-1);
        if (s.Has("wait_group")) return new Wait((int)Immediate.Bits(s.Operands[0], "u32")!.Value);
        if (s.Operands.Length != 3 || Immediate.Bits(s.Operands[2], "u32") is not { } size) return null;
        return new Start(Places.Of(names, "shared", s.Operands[0], (int)size, 1), Places.Of(names, "global", s.Operands[1], (int)size, 1));
    }
}

using System.Collections;

namespace GpuRnn.Ptx.Text;

/// <summary>
/// The ways through a kernel, block by block, and where ways that parted meet again: at the first block that every way to the end goes
/// through, as compilers for GPUs arrange it.
/// </summary>
sealed class ControlFlow
{
    readonly List<int> starts = [];
    readonly int[] blockOf;
    readonly BitArray[] after;

    public ControlFlow(PtxText text)
    {
        List<Statement> code = text.Statements;
        HashSet<int> heads = [0, .. text.Labels.Values];
        for (int i = 0; i < code.Count; i++)
            if (Ends(code[i])) heads.Add(i + 1);
        blockOf = new int[code.Count];
        for (int i = 0; i < code.Count; i++)
        {
            if (heads.Contains(i)) starts.Add(i);
            blockOf[i] = starts.Count - 1;
        }
        Blocks = [.. starts.Select((s, b) => s..(b + 1 < starts.Count ? starts[b + 1] : code.Count))];
        Next = [.. Enumerable.Range(0, starts.Count).Select(b => After(text, b).Distinct().ToArray())];
        after = BlocksOnEveryWay();
    }

    /// <summary>How many blocks.</summary>
    public int Count => starts.Count;

    /// <summary>The instructions of each.</summary>
    public Range[] Blocks { get; }

    /// <summary>The blocks that may follow on each.</summary>
    public int[][] Next { get; }

    /// <summary>Does every way from a block to the end go through another?</summary>
    public bool IsOnEveryWay(int block, int through) => after[block][through];

    /// <summary>Where those that part behind an instruction meet again; -1 for nowhere but the end.</summary>
    public int MeetingPlace(int instruction)
    {
        int block = blockOf[instruction];
        // of the blocks that every way goes through, the one that all others of them come behind
        int best = -1;
        for (int b = 0; b < starts.Count; b++)
            if (b != block && after[block][b] && (best < 0 || after[b][best])) best = b;
        return best < 0 ? -1 : starts[best];
    }

    static bool Ends(Statement s) => s.Words[0] is "bra" or "ret" or "exit";

    IEnumerable<int> After(PtxText text, int block)
    {
        int last = Blocks[block].End.Value - 1;
        Statement s = text.Statements[last];
        if (s.Words[0] == "bra" && text.Labels[s.Operands[0]] < text.Statements.Count) yield return blockOf[text.Labels[s.Operands[0]]];
        if ((!Ends(s) || s.Guard.Length > 0) && block + 1 < starts.Count) yield return block + 1;
    }

    BitArray[] BlocksOnEveryWay()
    {
        BitArray[] sets = [.. Next.Select((n, b) => new BitArray(starts.Count, n.Length > 0))];
        for (int b = 0; b < sets.Length; b++) sets[b][b] = true;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = sets.Length - 1; b >= 0; b--)
            {
                if (Next[b].Length == 0) continue;
                BitArray common = new(sets[Next[b][0]]);
                foreach (int n in Next[b].AsSpan(1)) common.And(sets[n]);
                common[b] = true;
                if (new BitArray(common).Xor(sets[b]).HasAnySet())
                {
                    sets[b] = common;
                    changed = true;
                }
            }
        }
        return sets;
    }
}

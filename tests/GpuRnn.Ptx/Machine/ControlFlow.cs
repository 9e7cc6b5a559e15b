using System.Collections;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Machine;

/// <summary>
/// The ways through a kernel, block by block, and where ways that parted meet again: at the first block that every way to the end goes
/// through, as compilers for GPUs arrange it.
/// </summary>
sealed class ControlFlow
{
    readonly List<int> starts = [];
    readonly int[] blockOf;
    readonly int[][] next;
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
        next = [.. Enumerable.Range(0, starts.Count).Select(b => Next(text, b).Distinct().ToArray())];
        after = BlocksOnEveryWay();
    }

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

    IEnumerable<int> Next(PtxText text, int block)
    {
        int last = (block + 1 < starts.Count ? starts[block + 1] : text.Statements.Count) - 1;
        Statement s = text.Statements[last];
        if (s.Words[0] == "bra" && text.Labels[s.Operands[0]] < text.Statements.Count) yield return blockOf[text.Labels[s.Operands[0]]];
        if ((!Ends(s) || s.Guard.Length > 0) && block + 1 < starts.Count) yield return block + 1;
    }

    BitArray[] BlocksOnEveryWay()
    {
        BitArray[] sets = [.. next.Select((n, b) => new BitArray(starts.Count, n.Length > 0))];
        for (int b = 0; b < sets.Length; b++) sets[b][b] = true;
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = sets.Length - 1; b >= 0; b--)
            {
                if (next[b].Length == 0) continue;
                BitArray common = new(sets[next[b][0]]);
                foreach (int n in next[b].AsSpan(1)) common.And(sets[n]);
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

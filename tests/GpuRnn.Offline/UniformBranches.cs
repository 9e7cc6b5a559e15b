using System.Text.RegularExpressions;

/// <summary>
/// Looks in PTX for branches that are marked as taken by all threads of a warp together (bra.uni) and may not be. A GPU is free to take
/// such a branch for all as one of them does, so a mark that is wrong is a wrong result that no device here would show.
/// </summary>
/// <remarks>
/// A register may differ between threads where it comes from a thread's number, from memory at such an address, or from ways that such
/// registers chose and that have met again. What is not known to be the same is taken to differ.
/// </remarks>
sealed partial class UniformBranches
{
    sealed class Block
    {
        public List<int> Lines { get; } = [];
        public List<int> Next { get; } = [];
        public HashSet<string> In { get; } = [];
    }

    readonly record struct Instruction(string Guard, string Operation, string[] Operands)
    {
        public bool IsBranch => Operation.StartsWith("bra", StringComparison.Ordinal);
        public bool Ends => IsBranch || Operation == "ret";
        public bool Writes => Operands.Length > 0 && !Ends && !Operation.StartsWith("st.", StringComparison.Ordinal);
    }

    readonly Instruction?[] code;
    readonly List<Block> blocks = [];
    readonly HashSet<int>[] after;

    UniformBranches(string[] lines)
    {
        code = [.. lines.Select(Parse)];
        Dictionary<string, int> labels = Split(lines);
        for (int b = 0; b < blocks.Count; b++) Link(b, labels);
        after = BlocksOnEveryWay();
    }

    /// <summary>Lines, from 1, of branches that are marked and may part the threads of a warp.</summary>
    public static IEnumerable<int> Wrong(string ptx)
    {
        UniformBranches kernel = new(ptx.Split('\n'));
        kernel.Spread();
        return kernel.blocks.Where(b => kernel.Parts(b) && kernel.Last(b) is { Operation: "bra.uni" }).Select(b => b.Lines[^1] + 1);
    }

    static Instruction? Parse(string line)
    {
        Match match = InstructionPattern().Match(line);
        if (!match.Success || match.Groups[2].Value.StartsWith('.')) return null;
        string[] operands = match.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(match.Groups[1].Value, match.Groups[2].Value, operands);
    }

    /// <summary>Blocks begin at labels and behind branches.</summary>
    Dictionary<string, int> Split(string[] lines)
    {
        Dictionary<string, int> labels = [];
        bool ended = true;
        for (int i = 0; i < lines.Length; i++)
        {
            Match label = LabelPattern().Match(lines[i]);
            if (!label.Success && code[i] is null) continue;
            if (ended || label.Success) blocks.Add(new());
            if (label.Success) labels[label.Groups[1].Value] = blocks.Count - 1;
            else blocks[^1].Lines.Add(i);
            ended = code[i]?.Ends ?? false;
        }
        return labels;
    }

    Instruction? Last(Block block) => block.Lines.Count > 0 ? code[block.Lines[^1]] : null;

    void Link(int b, Dictionary<string, int> labels)
    {
        Instruction? last = Last(blocks[b]);
        if (last is { IsBranch: true } branch) blocks[b].Next.Add(labels[branch.Operands[0]]);
        bool goesOn = last is not { Ends: true } || last.Value.Guard.Length > 0;
        if (goesOn && b + 1 < blocks.Count) blocks[b].Next.Add(b + 1);
    }

    /// <summary>For each block, those that every way from it to the end goes through, itself included.</summary>
    HashSet<int>[] BlocksOnEveryWay()
    {
        HashSet<int>[] sets = [.. blocks.Select((b, i) => b.Next.Count == 0 ? [i] : Enumerable.Range(0, blocks.Count).ToHashSet())];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = blocks.Count - 1; b >= 0; b--)
            {
                if (blocks[b].Next.Count == 0) continue;
                HashSet<int> common = [.. sets[blocks[b].Next[0]]];
                foreach (int next in blocks[b].Next.Skip(1)) common.IntersectWith(sets[next]);
                common.Add(b);
                changed |= common.Count != sets[b].Count;
                sets[b] = common;
            }
        }
        return sets;
    }

    /// <summary>Carries what may differ from block to block until nothing is added.</summary>
    void Spread()
    {
        HashSet<int> spread = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = 0; b < blocks.Count; b++)
            {
                HashSet<string> differs = Out(blocks[b]);
                foreach (int next in blocks[b].Next)
                    changed |= Add(blocks[next].In, differs);
                if (Parts(blocks[b]) && spread.Add(b)) changed |= Meet(b);
            }
        }
    }

    static bool Add(HashSet<string> to, IEnumerable<string> from)
    {
        int before = to.Count;
        to.UnionWith(from);
        return to.Count != before;
    }

    HashSet<string> Out(Block block)
    {
        HashSet<string> differs = [.. block.In];
        foreach (int line in block.Lines)
            if (code[line] is { Writes: true } i)
            {
                string to = i.Operands[0];
                bool differ = i.Operation.StartsWith("atom", StringComparison.Ordinal)
                    || i.Operands.Skip(1).SelectMany(Registers).Any(r => Different(r, differs))
                    || i.Guard.Length > 0 && (differs.Contains(to) || Registers(i.Guard).Any(differs.Contains));
                if (differ) differs.Add(to);
                else differs.Remove(to);
            }
        return differs;
    }

    static bool Different(string register, HashSet<string> differs) =>
        register.StartsWith("%tid", StringComparison.Ordinal) || register == "%laneid" || differs.Contains(register);

    static IEnumerable<string> Registers(string operand) => RegisterPattern().Matches(operand).Select(m => m.Value);

    /// <summary>Does a block end in a branch that may part threads?</summary>
    bool Parts(Block block) => block.Next.Count > 1 && Last(block) is { } branch && Registers(branch.Guard).Any(Out(block).Contains);

    /// <summary>
    /// Where the ways behind a parting branch meet, what was written on them may differ: threads come from both, or leave a loop at
    /// different turns.
    /// </summary>
    bool Meet(int branch)
    {
        HashSet<int> stops = [.. after[branch]];
        List<HashSet<int>> ways = [.. blocks[branch].Next.Select(n => Reach(n, stops))];
        HashSet<int> all = [.. ways.SelectMany(w => w)];
        HashSet<string> written =
        [
            .. all.Where(b => !stops.Contains(b)).SelectMany(b => blocks[b].Lines)
                .Where(line => code[line] is { Writes: true }).Select(line => code[line]!.Value.Operands[0])
        ];
        bool changed = false;
        foreach (int meeting in ways.Aggregate((a, b) => [.. a.Intersect(b)]).Union(all.Where(b => b != branch && stops.Contains(b))))
            changed |= Add(blocks[meeting].In, written);
        return changed;
    }

    /// <summary>Blocks that can be reached before one of the stops is passed; the first stop on a way is among them.</summary>
    HashSet<int> Reach(int from, HashSet<int> stops)
    {
        HashSet<int> reached = [];
        Stack<int> open = new([from]);
        while (open.TryPop(out int b))
            if (reached.Add(b) && !stops.Contains(b))
                foreach (int next in blocks[b].Next) open.Push(next);
        return reached;
    }

    [GeneratedRegex(@"^\s+(?:@(!?%p\d+)\s+)?([a-z.][\w.:]*)\s*([^;]*);\s*$")]
    private static partial Regex InstructionPattern();

    [GeneratedRegex(@"^\s*(\w+):\s*$")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"%[a-z]+\d*(\.[xyz])?")]
    private static partial Regex RegisterPattern();
}

using System.Text.RegularExpressions;

namespace GpuRnn.Ptx.Text;

/// <summary>
/// Looks in PTX for branches that are marked as taken by all threads of a warp together (bra.uni) and may not be. A GPU is free to take
/// such a branch for all as one of them does, and a card has: a kernel hung. Running a kernel finds those that its cases reach; this reads
/// all of them.
/// </summary>
/// <remarks>
/// A register may differ between threads where it comes from a thread's number, from memory at such an address, from what others change
/// meanwhile, or from ways that such registers chose and that have met again. What is not known to be the same is taken to differ.
/// </remarks>
sealed partial class UniformBranches
{
    // each lane has its own part of what they make, or its own moment
    static readonly string[] s_differ = ["atom", "shfl", "mma", "wmma", "ldmatrix", "movmatrix", "mbarrier", "activemask", "match"];
    // these write no register
    static readonly string[] s_silent = ["st", "red", "bra", "ret", "exit", "bar", "barrier", "membar", "fence", "cp"];

    readonly PtxText text;
    readonly ControlFlow flow;
    readonly HashSet<string>[] entering;

    UniformBranches(PtxText text)
    {
        this.text = text;
        flow = new(text);
        entering = [.. Enumerable.Range(0, flow.Count).Select(_ => new HashSet<string>())];
        Spread();
    }

    /// <summary>Lines, from 1, of branches that are marked and may part the threads of a warp.</summary>
    public static IEnumerable<int> Wrong(string ptx)
    {
        UniformBranches kernel = new(PtxText.Parse(ptx));
        return Enumerable.Range(0, kernel.flow.Count).Where(kernel.Parts).Select(kernel.Last).Where(s => s.Has("uni")).Select(s => s.Line);
    }

    Statement Last(int block) => text.Statements[flow.Blocks[block].End.Value - 1];

    IEnumerable<Statement> Code(int block) => text.Statements.Take(flow.Blocks[block]);

    /// <summary>Carries what may differ from block to block until nothing is added.</summary>
    void Spread()
    {
        HashSet<int> spread = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int b = 0; b < flow.Count; b++)
            {
                HashSet<string> differs = Leaving(b);
                foreach (int next in flow.Next[b]) changed |= Add(entering[next], differs);
                if (Parts(b) && spread.Add(b)) changed |= Meet(b);
            }
        }
    }

    static bool Add(HashSet<string> to, IEnumerable<string> from)
    {
        int before = to.Count;
        to.UnionWith(from);
        return to.Count != before;
    }

    HashSet<string> Leaving(int block)
    {
        HashSet<string> differs = [.. entering[block]];
        foreach (Statement s in Code(block))
        {
            string[] written = Written(s);
            bool differ = s_differ.Contains(s.Words[0]) || s.Words[0] == "ld" && (s.Has("relaxed") || s.Has("acquire") || s.Has("volatile"))
                || s.Operands.Skip(1).SelectMany(Names).Any(r => Different(r, differs));
            foreach (string to in written)
                if (differ || s.Guard.Length > 0 && (differs.Contains(to) || Different(s.Guard, differs))) differs.Add(to);
                else differs.Remove(to);
        }
        return differs;
    }

    string[] Written(Statement s) => s.Operands.Length == 0 || s_silent.Contains(s.Words[0]) ? []
        : [.. Names(s.Operands[0]).Where(text.Registers.ContainsKey)];

    static bool Different(string name, HashSet<string> differs) =>
        name.StartsWith("%tid", StringComparison.Ordinal) || name is "%laneid" || differs.Contains(name);

    static IEnumerable<string> Names(string operand) => NamePattern().Matches(operand).Select(m => m.Value);

    /// <summary>Does a block end in a branch that may part threads?</summary>
    bool Parts(int block) => flow.Next[block].Length > 1 && Different(Last(block).Guard, Leaving(block));

    /// <summary>
    /// Where the ways behind a parting branch meet, what was written on them may differ: threads come from both, or leave a loop at
    /// different turns.
    /// </summary>
    bool Meet(int branch)
    {
        HashSet<int> stops = [.. Enumerable.Range(0, flow.Count).Where(b => flow.IsOnEveryWay(branch, b))];
        List<HashSet<int>> ways = [.. flow.Next[branch].Select(n => Reach(n, stops))];
        HashSet<int> all = [.. ways.SelectMany(w => w)];
        HashSet<string> written = [.. all.Where(b => !stops.Contains(b)).SelectMany(Code).SelectMany(Written)];
        bool changed = false;
        foreach (int meeting in ways.Aggregate((a, b) => [.. a.Intersect(b)]).Union(all.Where(b => b != branch && stops.Contains(b))))
            changed |= Add(entering[meeting], written);
        return changed;
    }

    /// <summary>Blocks that can be reached before one of the stops is passed; the first stop on a way is among them.</summary>
    HashSet<int> Reach(int from, HashSet<int> stops)
    {
        HashSet<int> reached = [];
        Stack<int> open = new([from]);
        while (open.TryPop(out int b))
            if (reached.Add(b) && !stops.Contains(b))
                foreach (int next in flow.Next[b]) open.Push(next);
        return reached;
    }

    [GeneratedRegex(@"[%\w$]+(\.[xyz])?")]
    private static partial Regex NamePattern();
}

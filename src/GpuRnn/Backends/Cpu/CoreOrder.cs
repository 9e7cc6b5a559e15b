namespace GpuRnn.Backends.Cpu;

/// <summary>
/// Which cores workers get on a machine with several nodes of memory: those of one node beside each other, so that groups of workers, which
/// are neighbours, share a node's caches and memory; and no second node where one is enough. The node of the thread that asks comes first.
/// </summary>
static class CoreOrder
{
    /// <summary>A core for each of as many workers as there are cores.</summary>
    /// <param name="allowed">The cores.</param>
    /// <param name="nodes">The cores of each node.</param>
    /// <param name="here">The core of the thread that asks; -1 if nobody knows.</param>
    public static int[] NodeByNode(int[] allowed, IReadOnlyList<int[]> nodes, int here)
    {
        int first = NodeOf(nodes, here);
        return nodes.Count == 0 ? allowed
            : [.. allowed.OrderBy(core => NodeOf(nodes, core) == nodes.Count).ThenBy(core => NodeOf(nodes, core) != first)
                .ThenBy(core => NodeOf(nodes, core)).ThenBy(core => core)];
    }

    /// <summary>
    /// The cores of the node that fewer workers than cores keep to, of those that are taken least the one of the thread that asks; none
    /// where one node has too few, or there is but one, and the scheduler does well alone.
    /// </summary>
    /// <param name="allowed">The cores.</param>
    /// <param name="nodes">The cores of each node.</param>
    /// <param name="here">The core of the thread that asks; -1 if nobody knows.</param>
    /// <param name="workers">How many.</param>
    /// <param name="taken">Workers that the node which begins with a core has already.</param>
    public static int[] OneNode(int[] allowed, IReadOnlyList<int[]> nodes, int here, int workers, Func<int, int> taken)
    {
        if (nodes.Count == 0) return [];
        int[][] able = [.. nodes.Select(node => node.Intersect(allowed).ToArray()).Where(node => node.Length > 0)];
        return able.Length < 2 ? []
            : able.Where(node => node.Length >= workers).OrderBy(node => taken(node[0])).ThenBy(node => !node.Contains(here))
                .FirstOrDefault() ?? [];
    }

    /// <summary>Cores that no node has come last.</summary>
    static int NodeOf(IReadOnlyList<int[]> nodes, int core)
    {
        for (int i = 0; i < nodes.Count; i++)
            if (nodes[i].Contains(core)) return i;
        return nodes.Count;
    }
}

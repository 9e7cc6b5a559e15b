using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Machine;

/// <summary>
/// Where instructions find what they name. A register, a special register, an address and a number are all columns: 64 bits for each of the
/// 32 lanes of a warp, so that an instruction need not ask what its operand is. Predicates are a bit a lane.
/// </summary>
sealed class Names
{
    /// <summary>Lanes of a warp.</summary>
    public const int Lanes = 32;

    readonly Dictionary<string, int> columns = [];
    readonly Dictionary<string, int> predicates = [];
    readonly Dictionary<ulong, int> constants = [];
    readonly PtxText text;

    public Names(PtxText text)
    {
        this.text = text;
        foreach ((string name, string type) in text.Registers)
            if (type == "pred") predicates.Add(name, predicates.Count);
            else columns.Add(name, columns.Count);
        Registers = columns.Count;
        foreach (string special in Special) columns.Add(special, columns.Count);
        foreach (string name in text.Shared.Keys) columns.Add(name, columns.Count);
        if (text.DynamicShared is not null) columns.Add(text.DynamicShared, columns.Count);
        foreach (string name in text.Local.Keys) columns.Add(name, columns.Count);
        Count = columns.Count;
    }

    /// <summary>What every thread can ask.</summary>
    public static readonly string[] Special =
    [
        "%tid.x", "%tid.y", "%tid.z", "%ntid.x", "%ntid.y", "%ntid.z", "%ctaid.x", "%ctaid.y", "%ctaid.z",
        "%nctaid.x", "%nctaid.y", "%nctaid.z", "%laneid", "%warpid", "%nwarpid", "%cluster_ctarank", "%cluster_nctarank",
        "%dynamic_smem_size", "%total_smem_size",
    ];

    /// <summary>Columns that instructions write; those behind them are filled once.</summary>
    public int Registers { get; }

    /// <summary>Columns in all.</summary>
    public int Count { get; private set; }

    /// <summary>Predicates.</summary>
    public int Predicates => predicates.Count;

    /// <summary>Numbers and their columns.</summary>
    public IReadOnlyDictionary<ulong, int> Constants => constants;

    /// <summary>The column of a register, of a special register, of an address or of a number.</summary>
    public int Column(string operand, string type)
    {
        if (columns.TryGetValue(operand, out int column)) return column;
        if (Immediate.Bits(operand, type) is not { } bits)
            throw new FormatException($"'{operand}' is neither a register nor a number that is known.");
        if (!constants.TryGetValue(bits, out column)) constants.Add(bits, column = Count++);
        return column;
    }

    /// <summary>The column that an instruction writes; -1 for nowhere.</summary>
    public int Target(string operand) => operand == "_" ? -1
        : columns.TryGetValue(operand, out int column) && column < Registers ? column
            : throw new FormatException($"'{operand}' is no register.");

    /// <summary>A predicate; -1 for nowhere.</summary>
    public int Predicate(string operand) => operand == "_" ? -1
        : predicates.TryGetValue(operand, out int predicate) ? predicate : throw new FormatException($"'{operand}' is no predicate.");

    /// <summary>Is it a register of 32 bits? What stands beside them in its column is nobody's.</summary>
    public bool IsNarrow(string operand) =>
        text.Registers.TryGetValue(operand, out string? type) && type.EndsWith("32", StringComparison.Ordinal);

    /// <summary>[%rd1+16], [name+4], [name]: a column, or a parameter's place, and what is added.</summary>
    public (string Base, int Offset) Address(string operand)
    {
        string inner = operand.Trim('[', ']');
        int plus = inner.IndexOfAny(['+', '-'], 1);
        if (plus < 0) return (inner.Trim(), 0);
        string offset = inner[plus..].TrimStart('+').Trim();
        return (inner[..plus].Trim(), unchecked((int)(long)Immediate.Bits(offset, "b64")!.Value));
    }

    /// <summary>The place of a parameter.</summary>
    public Variable Parameter(string name) => text.Parameters.TryGetValue(name, out Variable v) ? v
        : throw new FormatException($"'{name}' is no parameter.");

    /// <summary>The instruction behind a label.</summary>
    public int Label(string name) => text.Labels[name];
}

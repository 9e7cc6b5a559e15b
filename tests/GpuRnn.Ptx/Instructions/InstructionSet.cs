using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>All instructions that are known, by the first word of their names. A family is a file.</summary>
static class InstructionSet
{
    static readonly Dictionary<string, Func<Statement, Names, Instruction?>> s_families = new()
    {
        ["bra"] = Control.Decode, ["ret"] = Control.Decode, ["exit"] = Control.Decode,
        ["bar"] = Barriers.Decode, ["barrier"] = Barriers.Decode, ["membar"] = Barriers.Decode, ["fence"] = Barriers.Decode,
        ["ld"] = Loads.Decode, ["st"] = Stores.Decode,
        ["mov"] = Moves.Decode, ["cvta"] = Moves.Decode, ["selp"] = Moves.Decode,
        ["cvt"] = Conversions.Decode,
        ["setp"] = Comparisons.Decode,
        ["and"] = Bits.Decode, ["or"] = Bits.Decode, ["xor"] = Bits.Decode, ["not"] = Bits.Decode,
        ["shl"] = Bits.Decode, ["shr"] = Bits.Decode, ["popc"] = Bits.Decode, ["clz"] = Bits.Decode,
        ["add"] = Arithmetic.Decode, ["sub"] = Arithmetic.Decode, ["mul"] = Arithmetic.Decode, ["mad"] = Arithmetic.Decode,
        ["fma"] = Arithmetic.Decode, ["div"] = Arithmetic.Decode, ["rem"] = Arithmetic.Decode, ["min"] = Arithmetic.Decode,
        ["max"] = Arithmetic.Decode, ["neg"] = Arithmetic.Decode, ["abs"] = Arithmetic.Decode,
        ["rcp"] = Functions.Decode, ["sqrt"] = Functions.Decode, ["rsqrt"] = Functions.Decode, ["ex2"] = Functions.Decode,
        ["atom"] = Atomics.Decode,
        ["red"] = Atomics.Decode,
        ["cp"] = AsyncCopies.Decode,
        ["mbarrier"] = MemoryBarriers.Decode,
        ["mapa"] = Clusters.Decode,
        ["mma"] = Matrices.Decode, ["ldmatrix"] = Matrices.Decode, ["movmatrix"] = Matrices.Decode,
        ["shfl"] = Shuffles.Decode, ["vote"] = Shuffles.Decode,
        ["lg2"] = Functions.Decode, ["tanh"] = Functions.Decode,
    };

    /// <summary>The instruction of a statement; null for one that is not known.</summary>
    public static Instruction? Decode(Statement statement, Names names) =>
        s_families.TryGetValue(statement.Words[0], out Func<Statement, Names, Instruction?>? family) ? family(statement, names) : null;
}

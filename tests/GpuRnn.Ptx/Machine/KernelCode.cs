using System.Collections.Concurrent;
using GpuRnn.Ptx.Instructions;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Machine;

/// <summary>A kernel that is ready to run.</summary>
sealed class KernelCode
{
    /// <summary>Makes one of its PTX.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="fused">With products fused with sums, as ptxas does it.</param>
    /// <exception cref="PtxFaultException">An instruction that this machine does not know.</exception>
    public KernelCode(string ptx, bool fused = false)
    {
        Text = PtxText.Parse(ptx);
        Names = new(Text);
        flow = new(() => new(Text));
        Instructions = [.. (fused ? Fusion.Of(Text) : Text.Statements).Select(Decode)];
        Reached = new bool[Instructions.Length];
        PieceShift = Text.Statements.Any(s => s.Words[0] is "ld" or "st" && !s.Has("param") && s.Type is "b8" or "u8" or "s8") ? 0
            : Text.Statements.Any(s => s.Words[0] is "ld" or "st" && !s.Has("param") && s.Type is "b16" or "u16" or "s16") ? 1 : 2;
    }

    readonly Lazy<ControlFlow> flow;

    /// <summary>Where those that part behind an instruction meet again; -1 for nowhere but the end.</summary>
    public int MeetingPlace(int instruction) => places.GetOrAdd(instruction, flow.Value.MeetingPlace);

    readonly ConcurrentDictionary<int, int> places = [];

    /// <summary>As it is written.</summary>
    public PtxText Text { get; }

    /// <summary>Where its operands are.</summary>
    public Names Names { get; }

    /// <summary>What it does.</summary>
    public Instruction[] Instructions { get; }

    /// <summary>Which instructions were ever run.</summary>
    public bool[] Reached { get; }

    /// <summary>The logarithm of the bytes whose readers and writers are told apart.</summary>
    public int PieceShift { get; }

    Instruction Decode(Statement statement, int place)
    {
        try
        {
            Instruction instruction = InstructionSet.Decode(statement, Names)
                ?? throw new FormatException("no such instruction is known");
            instruction.Source = statement;
            instruction.Place = place;
            if (statement.Guard.Length > 0) instruction.Guard = Names.Predicate(statement.Guard);
            return instruction;
        }
        catch (FormatException e)
        {
            throw new PtxFaultException(PtxFault.Unknown, $"{Text.Name}, line {statement.Line}: '{statement.Text}': {e.Message}");
        }
    }
}

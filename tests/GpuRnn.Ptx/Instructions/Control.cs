using System.Numerics;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Ways through a kernel.</summary>
static class Control
{
    sealed class Branch(int target, bool uniform) : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            uint others = fragment.Lanes & ~lanes;
            if (others == 0)
            {
                fragment.At = target;
                return;
            }
            if (uniform) throw fragment.Warp.Fault(PtxFault.Divergence, BitOperations.TrailingZeroCount(others),
                $"goes on where lane {BitOperations.TrailingZeroCount(lanes)} jumps, at a branch that is marked uniform");
            fragment.Warp.Part(fragment, lanes, target);
        }
    }

    sealed class Leave : Instruction
    {
        public override void Run(Fragment fragment, uint lanes) => fragment.Warp.Leave(fragment, lanes);
    }

    public static Instruction? Decode(Statement s, Names names) =>
        s.Words[0] == "bra" ? new Branch(names.Label(s.Operands[0]), s.Has("uni")) : new Leave();
}

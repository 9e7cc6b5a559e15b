using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Kernels.Products;

/// <summary>A float as two numbers, of which tensor cores look at 11 bits each (NVIDIA's tf32).</summary>
/// <param name="high">The float, rounded to 11.</param>
/// <param name="low">What that leaves: 13 bits at most, of which the last two are not looked at.</param>
readonly struct Split(uint high, uint low)
{
    public readonly uint High = high, Low = low;

    /// <summary>That of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Split Of(float value)
    {
        // one addition and a mask, where the conversion that PTX has asks for what is no number; NaN stays one, in what is left
        uint high = Interop.FloatAsInt(value) + 0x1000 & 0xFFFFE000;
        return new(high, Interop.FloatAsInt(value - Interop.IntAsFloat(high)));
    }
}

/// <summary>
/// Products on tensor cores (PTX ISA, "Warp Level Matrix Instructions", m16n8k8 of tf32): 16 columns by 8 rows of a tile, eight summands.
/// Of lane 4 g + q the first operand is of columns g and g + 8 and summands q and q + 4, the second of row g and the same summands, sums are
/// of columns g and g + 8 and rows 2 q and 2 q + 1.
/// </summary>
static class TensorInstructions
{
    /// <summary>sums + a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fma(ref Quad<float> sums, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        Ref<float> d0 = sums.A, d1 = sums.B, d2 = sums.C, d3 = sums.D;
        Input<uint> c0 = a0, c1 = a1, c2 = a2, c3 = a3, x0 = b0, x1 = b1;
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};",
            ref d0, ref d1, ref d2, ref d3, ref c0, ref c1, ref c2, ref c3, ref x0, ref x1);
        sums = new() { A = d0.Value, B = d1.Value, C = d2.Value, D = d3.Value };
    }
}

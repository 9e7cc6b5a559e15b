using System.Runtime.InteropServices;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>
/// Small matrices that the lanes of a warp hold together: products on tensor cores, loads, transposition. Who holds what is PTX ISA's,
/// chapter "Warp Level Matrix Instructions"; with lane = 4g + q.
/// </summary>
static class Matrices
{
    /// <summary>A number of a matrix in some bits of a register.</summary>
    interface IEntry
    {
        /// <summary>Entries a register.</summary>
        static abstract int Each { get; }

        static abstract double Of(uint register, int entry);
    }

    struct HalfEntry : IEntry
    {
        public static int Each => 2;
        public static double Of(uint register, int entry) => (double)BitConverter.UInt16BitsToHalf((ushort)(register >> 16 * entry));
    }

    struct BFloatEntry : IEntry
    {
        public static int Each => 2;
        public static double Of(uint register, int entry) => BitConverter.UInt32BitsToSingle(register >> 16 * entry << 16);
    }

    // the upper 19 bits of a float; the rest is not looked at
    struct Tf32Entry : IEntry
    {
        public static int Each => 1;
        public static double Of(uint register, int entry) => BitConverter.UInt32BitsToSingle(register & 0xFFFFE000);
    }

    /// <summary>d = a b + c, 16 x 8 sums over k. Tensor cores cut what does not fit a float.</summary>
    sealed class Product<TEntry>(int k, int[] d, int[] a, int[] b, int[] c) : Instruction where TEntry : struct, IEntry
    {
        readonly double[] left = new double[16 * k], right = new double[8 * k];

        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            // each pair of registers holds rows g and g + 8, a pair of k's or one; the next pair follows 4 of them on
            for (int r = 0; r < a.Length; r++) Gather(warp.Read(a[r], lanes), left, 8 * (r & 1), 4 * TEntry.Each * (r >> 1));
            for (int r = 0; r < b.Length; r++) Gather(warp.Read(b[r], lanes), right, 0, 4 * TEntry.Each * r);
            Span<float> sums = stackalloc float[128];
            for (int i = 0; i < 4; i++)
            {
                ReadOnlySpan<ulong> before = warp.Read(c[i], lanes);
                for (int lane = 0; lane < Names.Lanes; lane++)
                {
                    int row = (lane >> 2) + 8 * (i >> 1), column = 2 * (lane & 3) + (i & 1);
                    double sum = Slot.Of<float>(in before[lane]);
                    for (int j = 0; j < k; j++) sum += left[row * k + j] * right[column * k + j];
                    sums[i * Names.Lanes + lane] = Cut(sum);
                }
            }
            for (int i = 0; i < 4; i++)
            {
                Span<ulong> to = warp.Write(d[i], lanes);
                for (int lane = 0; lane < Names.Lanes; lane++) Slot.As<float>(ref to[lane]) = sums[i * Names.Lanes + lane];
            }
        }

        void Gather(ReadOnlySpan<ulong> register, double[] rows, int row, int column)
        {
            for (int lane = 0; lane < Names.Lanes; lane++)
                for (int e = 0; e < TEntry.Each; e++)
                    rows[((lane >> 2) + row) * k + column + TEntry.Each * (lane & 3) + e] = TEntry.Of((uint)register[lane], e);
        }

        static float Cut(double sum)
        {
            float near = (float)sum;
            return Math.Abs((double)near) <= Math.Abs(sum) || double.IsNaN(sum) ? near
                : near > 0 ? MathF.BitDecrement(near) : MathF.BitIncrement(near);
        }
    }

    /// <summary>Matrices of 8 x 8 halves from shared memory: eight lanes say where the rows of each begin.</summary>
    sealed class Load(Places from, int[] to, bool transposed) : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ushort[] matrix = new ushort[64];
            ulong[] rows = [.. warp.Read(from.Base, lanes)];
            for (int m = 0; m < to.Length; m++)
            {
                for (int row = 0; row < 8; row++)
                {
                    int lane = 8 * m + row;
                    ulong at = from.Address(warp, rows, lane);
                    BlockMemory shared = warp.Block.Shared;
                    ReadOnlySpan<byte> bytes = shared.Read(at, 16, warp, lane);
                    shared.Shadow.Read((long)at, 16, warp, lane);
                    MemoryMarshal.Cast<byte, ushort>(bytes).CopyTo(matrix.AsSpan(8 * row));
                }
                Spread(matrix, warp.Write(to[m], lanes), transposed);
            }
        }
    }

    sealed class Transpose(int to, int from) : Instruction
    {
        public override bool IsAligned => true;

        public override void Run(Fragment fragment, uint lanes)
        {
            ushort[] matrix = new ushort[64];
            ReadOnlySpan<ulong> x = fragment.Warp.Read(from, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                (matrix[2 * lane], matrix[2 * lane + 1]) = ((ushort)x[lane], (ushort)(x[lane] >> 16));
            Spread(matrix, fragment.Warp.Write(to, lanes), transposed: true);
        }
    }

    // lane 4g + q has columns 2q and 2q + 1 of row g
    static void Spread(ushort[] matrix, Span<ulong> to, bool transposed)
    {
        for (int lane = 0; lane < Names.Lanes; lane++)
        {
            int row = lane >> 2, column = 2 * (lane & 3);
            uint low = transposed ? matrix[8 * column + row] : matrix[8 * row + column];
            uint high = transposed ? matrix[8 * (column + 1) + row] : matrix[8 * row + column + 1];
            to[lane] = low | high << 16;
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        if (s.Words[0] == "movmatrix")
            return !s.Has("m8n8") || !s.Has("trans") || !s.Has("b16") ? null
                : new Transpose(names.Target(s.Operands[0]), names.Column(s.Operands[1], "b32"));
        if (s.Words[0] == "ldmatrix")
        {
            if (!s.Has("m8n8") || !s.Has("b16") || !s.Has("shared")) return null;
            return new Load(Places.Of(names, "shared", s.Operands[1], 16, 1), Targets(s.Operands[0]), s.Has("trans"));
        }
        if (!s.Has("row") || !s.Has("col") || s.Words[^4] != "f32" || s.Words[^1] != "f32") return null;
        int k = s.Has("m16n8k16") ? 16 : s.Has("m16n8k8") ? 8 : s.Has("m16n8k4") ? 4 : 0;
        Type? entry = (s.Words[^3], s.Words[^2]) switch
        {
            ("f16", "f16") => typeof(HalfEntry),
            ("bf16", "bf16") => typeof(BFloatEntry),
            ("tf32", "tf32") => typeof(Tf32Entry),
            _ => null,
        };
        if (k == 0 || entry is null) return null;
        int[] d = Targets(s.Operands[0]), a = Columns(s.Operands[1]), b = Columns(s.Operands[2]), c = Columns(s.Operands[3]);
        int each = entry == typeof(Tf32Entry) ? 4 : 8;
        if (d.Length != 4 || c.Length != 4 || b.Length != k / each || a.Length != 2 * b.Length)
            throw new FormatException("registers are missing, or there are too many");
        return (Instruction)Activator.CreateInstance(typeof(Product<>).MakeGenericType(entry), k, d, a, b, c)!;

        int[] Targets(string operand) => [.. Statement.Elements(operand).Select(names.Target)];
        int[] Columns(string operand) => [.. Statement.Elements(operand).Select(o => names.Column(o, "b32"))];
    }
}

using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Products
{
    /// <summary>
    /// A product of floats on tensor cores: each operand is split in two numbers of 11 bits, and three of the four products of these are
    /// summed in float, the smaller ones first. What is left out is below 2^-22 of a product. A sum's order is that of k, whatever the tile.
    /// </summary>
    /// <typeparam name="TShape">The tile.</typeparam>
    /// <typeparam name="TArguments">What operands read from.</typeparam>
    static class TensorProduct<TShape, TArguments> where TShape : struct, ITileShape where TArguments : struct
    {
        /// <summary>As <see cref="TileProduct{E, L, TShape, TArguments}.Run"/>.</summary>
        public static void Run<TRows, TColumns>(
            in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count)
            where TRows : struct, IRowOperand<float, TArguments> where TColumns : struct, IColumnOperand<float, TArguments>
        {
            TileProduct<float, CudaSingle, TensorTile<TShape>, TArguments>.Begin(in memory, in a, rows, row0, end);
            int share = TileProduct<float, CudaSingle, TensorTile<TShape>, TArguments>.Share(count);
            int warp = Group.IdxX / 32, inside = Group.IdxX & 31, g = inside / 4, q = inside & 3;
            int column = (warp & TensorTiling<TShape>.Across - 1) * 16 + g;
            int row = warp / TensorTiling<TShape>.Across * (TensorTiling<TShape>.Each * 8);
            ArrayView<float> staged = memory.Of<float>();
            int left = q * Tiling<float, TensorTile<TShape>>.ColumnPitch + column;
            int right = Tiling<float, TensorTile<TShape>>.RowsAt + q * Tiling<float, TensorTile<TShape>>.Pitch + row + g;
            Quads<float> sums = default, nextColumns = default, nextRows = default;
            int there = 0;
            if (count > 0)
                TileProduct<float, CudaSingle, TensorTile<TShape>, TArguments>.Fetch(
                    ref nextColumns, ref nextRows, ref there, memory, a, rows, columns, 0, share, count);
            for (int k0 = 0; k0 < count; k0 += share)
            {
                TileProduct<float, CudaSingle, TensorTile<TShape>, TArguments>.Put<TRows>(nextColumns, nextRows, there, memory);
                Group.Barrier();
                int next = k0 + share;
                if (next < count)
                    TileProduct<float, CudaSingle, TensorTile<TShape>, TArguments>.Fetch(
                        ref nextColumns, ref nextRows, ref there, memory, a, rows, columns, next, share, count);
                for (int k = 0; k < share; k += 8) // behind the share are zeros
                    Fma(ref sums, staged, left + k * Tiling<float, TensorTile<TShape>>.ColumnPitch,
                        right + k * Tiling<float, TensorTile<TShape>>.Pitch);
                Group.Barrier();
            }
            int at = column * Tiling<float, TensorTile<TShape>>.Pitch + row + 2 * q;
            Store(sums.A, staged, at);
            if (TensorTiling<TShape>.Each > 1) Store(sums.B, staged, at + 8);
            if (TensorTiling<TShape>.Each > 2) Store(sums.C, staged, at + 16);
            if (TensorTiling<TShape>.Each > 2) Store(sums.D, staged, at + 24);
            Group.Barrier();
        }

        /// <summary>Eight summands of all matrices of a warp.</summary>
        static void Fma(ref Quads<float> sums, ArrayView<float> staged, int left, int right)
        {
            const int Later = 4;
            int later = left + Later * Tiling<float, TensorTile<TShape>>.ColumnPitch;
            Split a0 = Split.Of(staged[left]), a1 = Split.Of(staged[left + 8]);
            Split a2 = Split.Of(staged[later]), a3 = Split.Of(staged[later + 8]);
            int behind = Later * Tiling<float, TensorTile<TShape>>.Pitch;
            Fma(ref sums.A, a0, a1, a2, a3, staged, right, behind);
            if (TensorTiling<TShape>.Each > 1) Fma(ref sums.B, a0, a1, a2, a3, staged, right + 8, behind);
            if (TensorTiling<TShape>.Each > 2) Fma(ref sums.C, a0, a1, a2, a3, staged, right + 16, behind);
            if (TensorTiling<TShape>.Each > 2) Fma(ref sums.D, a0, a1, a2, a3, staged, right + 24, behind);
        }

        static void Fma(ref Quad<float> sums, Split a0, Split a1, Split a2, Split a3, ArrayView<float> staged, int right, int behind)
        {
            Split b0 = Split.Of(staged[right]), b1 = Split.Of(staged[right + behind]);
            TensorInstructions.Fma(ref sums, a0.Low, a1.Low, a2.Low, a3.Low, b0.High, b1.High);
            TensorInstructions.Fma(ref sums, a0.High, a1.High, a2.High, a3.High, b0.Low, b1.Low);
            TensorInstructions.Fma(ref sums, a0.High, a1.High, a2.High, a3.High, b0.High, b1.High);
        }

        static void Store(Quad<float> sums, ArrayView<float> to, int at)
        {
            to[at] = sums.A;
            to[at + 1] = sums.B;
            to[at + 8 * Tiling<float, TensorTile<TShape>>.Pitch] = sums.C;
            to[at + 8 * Tiling<float, TensorTile<TShape>>.Pitch + 1] = sums.D;
        }
    }
}

namespace GpuRnn.Kernels.Lanes
{
    partial struct CudaSingle : IWideProducts<CudaSingle, float>
    {
        static void IWideProducts<CudaSingle, float>.Wide<TShape, TArguments, TRows, TColumns>(
            TShape shape, in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count) =>
            TensorProduct<TShape, TArguments>.Run(in memory, in a, rows, columns, row0, end, count);

        static CudaSingle IWideProducts<CudaSingle, float>.WideSum<TShape>(TShape shape, in GroupMemory memory, int column, int row) =>
            TileSums<float, CudaSingle, TensorTile<TShape>>.At(in memory, column, row);
    }
}

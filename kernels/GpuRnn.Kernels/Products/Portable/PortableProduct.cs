using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using ILGPU;

namespace GpuRnn.Kernels.Products;

/// <summary>Elements of the left operand of a product: element k of row r (of a sequence at a step).</summary>
interface IOperand<E, TArguments> where E : unmanaged, IFloatingPointIeee754<E> where TArguments : struct
{
    E At(in TArguments a, int r, int step, int k);
}

/// <summary>The register tile of any GPU: 16 columns by 16 rows a group, four rows of one column a thread.</summary>
static class PortableProduct<E, L, TArguments>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TArguments : struct
{
    /// <summary>
    /// Adds a product to the sums of this thread's rows: k elements of the rows of a tile, staged through shared memory, times
    /// the weights of this thread's unit, which start at `at` and are `depth` elements apart from k to k and `width` from slot to slot.
    /// All threads of the group take part; rows from `end` on count as 0.
    /// </summary>
    public static void Add<S, W, TOperand>(
        in TArguments a, TOperand operand, int tile, int end, int step, int count, Buffer<W> weights, int at,
        int depth, int width, int first, int slots, ref ThreadRows<E, L, S> rows)
        where W : unmanaged, IStored<W, E> where S : struct, ISlots<S, L> where TOperand : struct, IOperand<E, TArguments>
    {
        ArrayView<E> stage = SharedMemory.Allocate<E>(PortableShape.Rows * PortableShape.Depth);
        for (int k0 = 0; k0 < count; k0 += PortableShape.Depth)
        {
            int column = k0 + (Group.IdxX & PortableShape.Depth - 1); // threads are a multiple of the depth: each stays in its column
            for (int i = Group.IdxX; i < PortableShape.Rows * PortableShape.Depth; i += PortableShape.Threads)
            {
                int r = tile + i / PortableShape.Depth;
                stage[i] = r < end && column < count ? operand.At(a, r, step, column) : L.Value(L.Splat(0));
            }
            Group.Barrier();
            int n = count - k0 < PortableShape.Depth ? count - k0 : PortableShape.Depth;
            for (int k = 0; k < n; k++, at += depth)
            {
                S w = S.Load(new ViewMemory<W, E, L>(weights, at, width), first, slots);
                ThreadRows<E, L, S>.Fma(ref rows, w, stage, PortableShape.Row * PortableShape.Depth + k, PortableShape.Depth, first, slots);
            }
            Group.Barrier();
        }
    }
}

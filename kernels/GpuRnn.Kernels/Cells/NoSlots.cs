using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Kernels.Cells;

/// <summary>No slots: of a stage that reads none of the stage before, has no parameters of units, or no statistic.</summary>
/// <typeparam name="L">The lane.</typeparam>
struct NoSlots<L> : ISlots<NoSlots<L>, L> where L : struct, ILane<L>
{
    public static int Count => 0;
    public static NoSlots<L> Load<M>(M memory, int first, int count) where M : struct, ISlotMemory<L> => default;
    public static void Store<M>(M memory, NoSlots<L> slots, int first, int count) where M : struct, ISlotMemory<L> { }
    public static NoSlots<L> Fma(NoSlots<L> sum, NoSlots<L> w, L x, int first, int count) => sum;
    public static NoSlots<L> Dot<M>(
        NoSlots<L> sum, NoSlots<L> a, NoSlots<L> b, NoSlots<L> c, NoSlots<L> d, M x, int first, int count)
        where M : struct, ISlotQuads<L> => sum;
    public static L Sum(NoSlots<L> slots, int first, int count) => L.Splat(0);
    public static NoSlots<L> Zip<F>(NoSlots<L> a, NoSlots<L> b, F function) where F : struct, ISlotFunction<L> => a;
}

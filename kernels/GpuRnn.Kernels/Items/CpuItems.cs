using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Items;

/// <summary>Neighbouring items to each worker of the CPU accelerator.</summary>
struct CpuItems : IItems
{
    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Run<TWork, TArguments>(in TArguments a) where TWork : struct, IItemWork<TArguments> where TArguments : struct
    {
        int items = TWork.Items(a), worker = CpuWorkers.Index(), workers = CpuWorkers.Count();
        for (int i = Part.Share(items, worker, workers), end = Part.Share(items, worker + 1, workers); i < end; i++) TWork.Item(a, i);
    }
}

/// <summary>Vectors by their addresses.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">The vector.</typeparam>
unsafe struct VectorAccess<E, L> : IAccess<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IVector<L, E>
{
    /// <inheritdoc/>
    public static int Width => L.Width;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load(in Buffer<E> memory, int at, int count) => Native.Load<E, L>(Native.Address(memory) + at, count);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Buffer<E> memory, int at, L value, int count) => Native.Store(Native.Address(memory) + at, value, count);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Sum(L value) => L.Sum(value);
    /// <inheritdoc/>
    public static int Block => 256;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Number(in Buffer<E> memory, int at) => Native.Address(memory)[at];
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(in Buffer<int> list, int at) => Native.Address(list)[at];
}

/// <summary>One number by its address.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="L">One number.</typeparam>
unsafe struct PointerAccess<E, L> : IAccess<E, L> where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    /// <inheritdoc/>
    public static int Width => 1;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load(in Buffer<E> memory, int at, int count) => L.Of(Native.Address(memory)[at]);
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(in Buffer<E> memory, int at, L value, int count) => Native.Address(memory)[at] = L.Value(value);
    /// <inheritdoc/>
    public static E Sum(L value) => L.Value(value);
    /// <inheritdoc/>
    public static int Block => 256;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E Number(in Buffer<E> memory, int at) => Native.Address(memory)[at];
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(in Buffer<int> list, int at) => Native.Address(list)[at];
}

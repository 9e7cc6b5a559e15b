using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>Work in items (such as EmbeddingLookup) on a device; compiled when it is first run.</summary>
/// <typeparam name="TArguments">What it reads and writes.</typeparam>
abstract class Items<TArguments> where TArguments : struct
{
    /// <summary>Work over lanes, by its open type: over E, the lane, how rows are read, and choices that are open over the lane.</summary>
    public static Items<TArguments> OverLanes<E>(Device device, Type work, params Type[] choices)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        Of<E>(device, work, device.Backend.Lane(typeof(E)), true, choices);

    /// <summary>The same over single numbers.</summary>
    public static Items<TArguments> OverNumbers<E>(Device device, Type work) where E : unmanaged, IFloatingPointIeee754<E> =>
        Of<E>(device, work, Backend.Number(typeof(E)), false);

    static Items<TArguments> Of<E>(Device device, Type work, Type lane, bool lanes, params Type[] choices)
    {
        Type access = device.Backend.ItemAccess(typeof(E), lane, lanes);
        Type closed = work.MakeGenericType([typeof(E), lane, access, .. choices.Select(c => c.MakeGenericType(lane))]);
        return (Items<TArguments>)Activator.CreateInstance(
            typeof(Items<,,>).MakeGenericType(typeof(TArguments), closed, device.Backend.ItemLoop), device)!;
    }

    public abstract void Run(in TArguments a);
}

sealed class Items<TArguments, TWork, TItems>(Device device) : Items<TArguments>
    where TArguments : struct where TWork : struct, IItemWork<TArguments> where TItems : struct, IItems
{
    readonly DeviceKernel<TArguments> kernel = device.Backend.Kernel<TArguments>(ItemKernels.Run<TItems, TWork, TArguments>);

    public override void Run(in TArguments a)
    {
        int items = TWork.Items(a);
        if (items == 0) return;
        kernel.Launch(device.Backend.Items(items), a);
    }
}

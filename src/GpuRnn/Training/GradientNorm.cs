using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Training;

/// <summary>The norm of a gradient and what clipping by it takes, in two launches.</summary>
abstract class GradientNorm<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    public static GradientNorm<E> Of(Device device, NormKind kind)
    {
        Type lane = device.Backend.Lane(typeof(E)), scalar = Backend.Number(typeof(E));
        Type norm = kind == NormKind.Infinity ? typeof(InfinityNorm<>) : typeof(EuclideanNorm<>);
        return (GradientNorm<E>)Activator.CreateInstance(typeof(GradientNorm<,,,,,>).MakeGenericType(
            typeof(E), lane, scalar, device.Backend.ElementLoop(typeof(E)), norm.MakeGenericType(lane), norm.MakeGenericType(scalar)),
                device)!;
    }

    /// <summary>Blocks of a gradient: elements of `partial`.</summary>
    public static long Blocks(long length) => (length + Reduction.Block - 1) / Reduction.Block;

    /// <summary>Writes control: see <see cref="TrainingKernels.Clip"/>.</summary>
    public abstract void Clip(ArrayView<E> gradient, ArrayView<E> partial, ArrayView<E> control, double limit);
}

sealed class GradientNorm<E, L, LScalar, TLoop, TNorm, TScalarNorm>(Device device) : GradientNorm<E>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where LScalar : struct, IScalar<LScalar, E>
        where TLoop : struct, ILoop<E, L>
    where TNorm : struct, IReduction<L> where TScalarNorm : struct, IReduction<LScalar>
{
    readonly DeviceKernel<NormArguments<E>> partial = device.Backend.Kernel<NormArguments<E>>(TrainingKernels.Partial<E, L, TLoop, TNorm>);
    readonly DeviceKernel<NormArguments<E>> clip = device.Backend.Kernel<NormArguments<E>>(TrainingKernels.Clip<E, LScalar, TScalarNorm>);

    public override void Clip(ArrayView<E> gradient, ArrayView<E> partials, ArrayView<E> control, double limit)
    {
        NormArguments<E> a = new() { Values = gradient, Partial = partials, Control = control, Limit = Element.Of<E>(limit) };
        partial.Launch(device.Backend.Elements(gradient.Length), a);
        clip.Launch(new(1, 1), a);
    }
}

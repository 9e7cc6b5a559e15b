using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Lanes;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>The launches of a dense layer with one activation and one loss.</summary>
abstract class DenseKernels<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    public int Width { get; protected init; }
    /// <summary>What the loss compares outputs with.</summary>
    public TargetKind Target { get; protected init; }
    /// <summary>Does the loss bring an activation of its own?</summary>
    public bool TakesLogits { get; protected init; }
    /// <summary>What the loss multiplies a row of V outputs by.</summary>
    public abstract double ScaleOf(int outputs);
    public abstract void Pack(KernelConfig config, in OutputArguments<E> a);
    public abstract void Forward(KernelConfig config, in OutputArguments<E> a);
    public abstract void Backward(KernelConfig config, in OutputArguments<E> a);

    /// <summary>An activation as kernels have it, open over the lane.</summary>
    public static Type TypeOf(Activation activation) => activation switch
    {
        Activation.Tanh => typeof(Tanh<>),
        Activation.Relu => typeof(Relu<>),
        Activation.Sigmoid => typeof(Logistic<>),
        _ => typeof(Identity<>),
    };

    public static DenseKernels<E> Of(Device device, Activation activation, Loss loss)
    {
        Type tile = TileOf(device, TypeOf(activation), loss), plain = TileOf(device, typeof(Identity<>), Loss.None);
        return (DenseKernels<E>)Activator.CreateInstance(typeof(DenseKernels<,,>).MakeGenericType(typeof(E), tile, plain), device)!;
    }

    static Type TileOf(Device device, Type activation, Loss loss)
    {
        Type number = Backend.Number(typeof(E));
        return device.Backend.DenseTile(typeof(E), activation.MakeGenericType(number), loss.Over(typeof(E), number));
    }
}

/// <typeparam name="E">float or double.</typeparam>
/// <typeparam name="TTile">The tile.</typeparam>
/// <typeparam name="TPlain">That without activation and loss: packing and gradients are the same, and compiled once for all.</typeparam>
sealed class DenseKernels<E, TTile, TPlain> : DenseKernels<E>
    where E : unmanaged, IFloatingPointIeee754<E> where TTile : struct, IOutputTile<E> where TPlain : struct, IOutputTile<E>
{
    readonly DeviceKernel<OutputArguments<E>> pack, forward, backward;

    public DenseKernels(Device device)
    {
        (Width, Target, TakesLogits) = (TTile.Width, TTile.Target, TTile.TakesLogits);
        pack = device.Backend.Kernel<OutputArguments<E>>(OutputKernels.Pack<E, TPlain>);
        forward = device.Backend.Kernel<OutputArguments<E>>(OutputKernels.Forward<E, TTile>);
        backward = device.Backend.Kernel<OutputArguments<E>>(OutputKernels.Backward<E, TPlain>);
    }

    public override double ScaleOf(int outputs) => TTile.ScaleOf(outputs);
    public override void Pack(KernelConfig config, in OutputArguments<E> a) => pack.Launch(config, a);
    public override void Forward(KernelConfig config, in OutputArguments<E> a) => forward.Launch(config, a);
    public override void Backward(KernelConfig config, in OutputArguments<E> a) => backward.Launch(config, a);
}

using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Lanes;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>The launches of a dense layer with one activation and one loss.</summary>
abstract class DenseKernels<E> where E : unmanaged
{
    public int Width { get; protected init; }
    public abstract void Pack(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a);
    public abstract void Forward(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a);
    public abstract void Backward(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a);

    /// <summary>An activation as kernels have it, open over the lane.</summary>
    public static Type TypeOf(Activation activation) => activation switch
    {
        Activation.Tanh => typeof(Tanh<>), Activation.Relu => typeof(Relu<>), Activation.Sigmoid => typeof(Logistic<>), _ => typeof(Identity<>),
    };

    public static DenseKernels<E> Of(Device device, Activation activation, Loss loss)
    {
        Type scalar = typeof(E) == typeof(float) ? typeof(ScalarSingle) : typeof(ScalarDouble);
        Type g = TypeOf(activation);
        Type l = loss switch
        {
            Loss.SoftmaxCrossEntropy => typeof(SoftmaxCrossEntropy<,>), Loss.BinaryCrossEntropy => typeof(BinaryCrossEntropy<,>),
            Loss.MeanSquaredError => typeof(SquaredError<,>), _ => typeof(NoLoss<,>),
        };
        (g, l) = (g.MakeGenericType(scalar), l.MakeGenericType(typeof(E), scalar));
        Type tile = device.Kind == DeviceKind.Cpu
            ? typeof(CpuOutput<,,,,>).MakeGenericType(typeof(E), device.Backend.Lane(typeof(E)), scalar, g, l)
            : typeof(PortableOutput<,,,>).MakeGenericType(typeof(E), scalar, g, l);
        return (DenseKernels<E>)Activator.CreateInstance(typeof(DenseKernels<,>).MakeGenericType(typeof(E), tile), device)!;
    }
}

sealed class DenseKernels<E, TTile> : DenseKernels<E> where E : unmanaged where TTile : struct, IOutputTile<E>
{
    readonly Lazy<Action<AcceleratorStream, KernelConfig, OutputArguments<E>>> pack, forward, backward;

    public DenseKernels(Device device)
    {
        Accelerator accelerator = device.Accelerator;
        Width = TTile.Width;
        pack = new(() => accelerator.LoadKernel<OutputArguments<E>>(OutputKernels.Pack<E, TTile>));
        forward = new(() => accelerator.LoadKernel<OutputArguments<E>>(OutputKernels.Forward<E, TTile>));
        backward = new(() => accelerator.LoadKernel<OutputArguments<E>>(OutputKernels.Backward<E, TTile>));
    }

    public override void Pack(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a) => pack.Value(stream, config, a);
    public override void Forward(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a) => forward.Value(stream, config, a);
    public override void Backward(AcceleratorStream stream, KernelConfig config, in OutputArguments<E> a) => backward.Value(stream, config, a);
}

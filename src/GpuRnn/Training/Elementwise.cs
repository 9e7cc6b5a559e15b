using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using GpuRnn.Kernels.Recurrent.Portable;
using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Training;

/// <summary>A rule of the kernels (such as AdamRule) over whole arrays of a device.</summary>
abstract class Elementwise<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>A rule by its open type; compiled when it is first run.</summary>
    public static Elementwise<E> Of(Device device, Type rule)
    {
        Type lane = device.Backend.Lane(typeof(E)), loop = device.Backend.ElementLoop(typeof(E));
        return (Elementwise<E>)Activator.CreateInstance(
            typeof(Elementwise<,,,>).MakeGenericType(typeof(E), lane, loop, rule.MakeGenericType(typeof(E), lane)), device)!;
    }

    /// <summary>Applies it to all elements.</summary>
    /// <param name="numbers">The rule's numbers, in the order that it documents.</param>
    /// <param name="value">What is updated.</param>
    /// <param name="other">What it is updated by.</param>
    /// <param name="first">The rule's first state, if it has one.</param>
    /// <param name="second">Its second.</param>
    /// <param name="control">What holds it back: see <see cref="UpdateArguments{E, TRule}"/>; empty for nothing.</param>
    public abstract void Run(ReadOnlySpan<double> numbers, ArrayView<E> value, ArrayView<E> other,
        ArrayView<E> first = default, ArrayView<E> second = default, ArrayView<E> control = default);
}

sealed class Elementwise<E, L, TLoop, TRule>(Device device) : Elementwise<E>
        where E : unmanaged, IFloatingPointIeee754<E> where L : struct, ILane<L, E> where TLoop : struct, ILoop<E, L>
        where TRule : struct, IUpdateRule<TRule, E, L>
{
    readonly DeviceKernel<UpdateArguments<E, TRule>> kernel = device.Backend.Kernel<UpdateArguments<E, TRule>>(
        TrainingKernels.Update<E, L, TLoop, TRule>);

    public override void Run(
        ReadOnlySpan<double> numbers,
        ArrayView<E> value, ArrayView<E> other,
        ArrayView<E> first, ArrayView<E> second, ArrayView<E> control)
    {
        Span<E> rounded = stackalloc E[numbers.Length];
        for (int i = 0; i < numbers.Length; i++) rounded[i] = Element.Of<E>(numbers[i]);
        kernel.Launch(device.Backend.Elements(value.Length), new()
        { Rule = TRule.With(rounded), Value = value, Gradient = other, First = first, Second = second, Control = control });
    }
}

using GpuRnn.Devices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Tiles.Portable;
using GpuRnn.Kernels.Training;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Training;

/// <summary>Launches over whole arrays of a device: update rules and reductions.</summary>
abstract class Elementwise<E> where E : unmanaged
{
    public static Elementwise<E> Of(Device device)
    {
        Type lane = LayerKernels<E>.LaneOf(device), scalar = typeof(E) == typeof(float) ? typeof(ScalarSingle) : typeof(ScalarDouble);
        Type loop = (device.Kind == DeviceKind.Cpu ? typeof(CpuLoop<,>) : typeof(GpuLoop<,>)).MakeGenericType(typeof(E), lane);
        return (Elementwise<E>)Activator.CreateInstance(typeof(Elementwise<,,,>).MakeGenericType(typeof(E), lane, scalar, loop), device)!;
    }

    /// <summary>value += other.</summary>
    public abstract void Add(ArrayView<E> value, ArrayView<E> other);
    /// <summary>value clamped to [-limit, limit].</summary>
    public abstract void Clamp(ArrayView<E> value, E limit);
    /// <summary>A step of SGD with momentum.</summary>
    public abstract void Sgd(ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> velocity, ArrayView<E> control, E rate, E momentum, E decay);
    /// <summary>A step of Adam or AdamW.</summary>
    public abstract void Adam(ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> first, ArrayView<E> second, ArrayView<E> control, in AdamNumbers<E> numbers);
    /// <summary>The clipping control of a gradient: see <see cref="TrainingKernels"/>.</summary>
    public abstract void Clip(ArrayView<E> gradient, ArrayView<E> sums, ArrayView<E> control, E limit);
    /// <summary>The sum of an array, in a fixed order.</summary>
    public abstract void Sum(ArrayView<E> values, ArrayView<E> sums, ArrayView<E> total);
}

/// <summary>Numbers of one Adam step.</summary>
readonly record struct AdamNumbers<E>(E Beta1, E Rest1, E Beta2, E Rest2, E Rate, E Correction, E Epsilon, E Decay, E Shrink);

sealed class Elementwise<E, L, LScalar, TLoop>(Device device) : Elementwise<E>
    where E : unmanaged where L : struct, ILane<L, E> where LScalar : struct, IScalar<LScalar, E> where TLoop : struct, ILoop<E, L>
{
    readonly AcceleratorStream stream = device.Stream;
    readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<E>, ArrayView<E>, int>> partial = new(() =>
        device.Accelerator.LoadKernel<ArrayView<E>, ArrayView<E>, int>(TrainingKernels.Partial<E, L, TLoop>));
    readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<E>, ArrayView<E>, E>> clip = new(() =>
        device.Accelerator.LoadKernel<ArrayView<E>, ArrayView<E>, E>(TrainingKernels.Clip<E, LScalar>));
    readonly Lazy<Action<AcceleratorStream, KernelConfig, ArrayView<E>, ArrayView<E>>> sum = new(() =>
        device.Accelerator.LoadKernel<ArrayView<E>, ArrayView<E>>(TrainingKernels.Sum<E, LScalar>));
    readonly Rule<AddRule<E, L>> add = new(device);
    readonly Rule<ClampRule<E, L>> clamp = new(device);
    readonly Rule<SgdRule<E, L>> sgd = new(device);
    readonly Rule<AdamRule<E, L>> adam = new(device);

    KernelConfig Config(long length) => device.Kind == DeviceKind.Cpu
        ? new(1, (int)Math.Clamp(length / Reduction.Block, 1, device.Workers))
        : new((int)Math.Clamp(length / PortableShape.Threads, 1, 1024), PortableShape.Threads);

    public override void Add(ArrayView<E> value, ArrayView<E> other) =>
        add.Kernel.Value(stream, Config(value.Length), default, value, other, default, default, default);

    public override void Clamp(ArrayView<E> value, E limit) =>
        clamp.Kernel.Value(stream, Config(value.Length), new() { Limit = limit }, value, value, default, default, default);

    public override void Sgd(ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> velocity, ArrayView<E> control, E rate, E momentum, E decay) =>
        sgd.Kernel.Value(stream, Config(value.Length), new() { Rate = rate, Momentum = momentum, Decay = decay }, value, gradient, velocity, default, control);

    public override void Adam(ArrayView<E> value, ArrayView<E> gradient, ArrayView<E> first, ArrayView<E> second, ArrayView<E> control, in AdamNumbers<E> n) =>
        adam.Kernel.Value(stream, Config(value.Length), new()
        {
            Beta1 = n.Beta1, Rest1 = n.Rest1, Beta2 = n.Beta2, Rest2 = n.Rest2, Rate = n.Rate,
            Correction = n.Correction, Epsilon = n.Epsilon, Decay = n.Decay, Shrink = n.Shrink,
        }, value, gradient, first, second, control);

    public override void Clip(ArrayView<E> gradient, ArrayView<E> sums, ArrayView<E> control, E limit)
    {
        partial.Value(stream, Config(gradient.Length), gradient, sums, 1);
        clip.Value(stream, new(1, 1), sums, control, limit);
    }

    public override void Sum(ArrayView<E> values, ArrayView<E> sums, ArrayView<E> total)
    {
        partial.Value(stream, Config(values.Length), values, sums, 0);
        sum.Value(stream, new(1, 1), sums, total);
    }

    sealed class Rule<TRule>(Device device) where TRule : struct, IUpdateRule<E, L>
    {
        public readonly Lazy<Action<AcceleratorStream, KernelConfig, TRule, ArrayView<E>, ArrayView<E>, ArrayView<E>, ArrayView<E>, ArrayView<E>>> Kernel = new(() =>
            device.Accelerator.LoadKernel<TRule, ArrayView<E>, ArrayView<E>, ArrayView<E>, ArrayView<E>, ArrayView<E>>(TrainingKernels.Update<E, L, TLoop, TRule>));
    }
}

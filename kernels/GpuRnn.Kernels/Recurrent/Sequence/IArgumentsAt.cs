using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Recurrent;

/// <summary>Where a kernel finds its arguments.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="E">float or double.</typeparam>
interface IArgumentsAt<TSelf, E> where TSelf : struct, IArgumentsAt<TSelf, E> where E : unmanaged, IFloatingPointIeee754<E>
{
    static abstract ref readonly SequenceArguments<E> Of(in TSelf at);

    /// <summary>The step of a launch that is one step.</summary>
    static abstract int StepOf(in TSelf at);
}

/// <summary>In the launch itself, as a GPU needs them.</summary>
/// <typeparam name="E">float or double.</typeparam>
struct InLaunch<E> : IArgumentsAt<InLaunch<E>, E> where E : unmanaged, IFloatingPointIeee754<E>
{
    public SequenceArguments<E> Arguments;
    public int Step;

    public static ref readonly SequenceArguments<E> Of(in InLaunch<E> at) => ref at.Arguments;

    public static int StepOf(in InLaunch<E> at) => at.Step;
}

/// <summary>
/// In the host's memory: they are kilobytes, which a launch on the CPU accelerator would copy again and again, for longer than a step of a
/// small layer takes.
/// </summary>
/// <param name="address">Of arguments that stay where they are until the launch returns, which on the CPU is when it has run.</param>
/// <param name="step">The step.</param>
/// <typeparam name="E">float or double.</typeparam>
readonly struct InHost<E>(long address, int step) : IArgumentsAt<InHost<E>, E> where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly long address = address;
    readonly int step = step;

    [IntrinsicImplementation]
    public static unsafe ref readonly SequenceArguments<E> Of(in InHost<E> at) => ref Unsafe.AsRef<SequenceArguments<E>>((void*)at.address);

    public static int StepOf(in InHost<E> at) => at.step;
}

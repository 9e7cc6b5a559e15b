using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Products;
using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Portable;

/// <summary>An operand whose k begins somewhere.</summary>
interface IOffset<TSelf> { static abstract TSelf From(int first); }

/// <summary>Columns of x; k is the gate row, from `from` on.</summary>
readonly struct InputColumns<E>(int from) : IRowOperand<E, SequenceArguments<E>>, IOffset<InputColumns<E>>
    where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly int from = from;

    public static InputColumns<E> From(int first) => new(first);
    public static bool AlongK => false;
    public int Base(in SequenceArguments<E> a, int row) => row;
    public E At(in SequenceArguments<E> a, int at, int k) => a.X[a.Row[from + k] * a.XStride + at];
}

/// <summary>Columns of what the hidden product reads: h of the step before, or what the stage before made.</summary>
readonly struct OperandColumns<E, L, TPlace>(int from) : IRowOperand<E, SequenceArguments<E>>, IOffset<OperandColumns<E, L, TPlace>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E> where TPlace : struct, IPlace
{
    readonly int from = from;

    public static OperandColumns<E, L, TPlace> From(int first) => new(first);
    public static bool AlongK => false;
    public int Base(in SequenceArguments<E> a, int row) => row;

    public E At(in SequenceArguments<E> a, int at, int k)
    {
        int row = from + k;
        if (!TPlace.IsFirst) return TPlace.Of(in a).Operand[row * TPlace.Of(in a).Operands + at];
        int before = a.RowBefore[row];
        return before >= 0 ? a.Y[before * a.YStride + at] : HiddenRow<E, L>.First(in a, ~before, at);
    }
}

/// <summary>One row of ones.</summary>
readonly struct OneRow<E, L> : IRowOperand<E, SequenceArguments<E>>
    where E : unmanaged, IFloatingPointIeee754<E> where L : struct, IScalar<L, E>
{
    public static bool AlongK => true;
    public int Base(in SequenceArguments<E> a, int row) => 0;
    public E At(in SequenceArguments<E> a, int at, int k) => L.Value(L.Splat(1));
}

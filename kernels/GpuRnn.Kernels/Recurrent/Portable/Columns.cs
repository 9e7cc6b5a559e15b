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
        bool first = before < 0, none = first & a.H0.Length == 0;
        ArrayView<E> read = none ? TPlace.Of(in a).Bias.View : first ? a.H0.View : a.Y.View;
        E h = read[none ? 0 : first ? ~before * a.Outputs + at : before * a.YStride + at];
        return none ? L.Value(L.Splat(0)) : h;
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

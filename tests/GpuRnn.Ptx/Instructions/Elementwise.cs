using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>A function of one number.</summary>
interface IUnary<TIn, TOut>
{
    static abstract TOut Of(TIn a);
}

/// <summary>A function of two.</summary>
interface IBinary<TIn, TOut>
{
    static abstract TOut Of(TIn a, TIn b);
}

/// <summary>A function of two and a third.</summary>
interface ITernary<TIn, TOut>
{
    static abstract TOut Of(TIn a, TIn b, TOut c);
}

/// <summary>A function of one number, a lane after the other.</summary>
sealed class Unary<TOp, TIn, TOut>(int to, int a) : Instruction where TOp : struct, IUnary<TIn, TOut>
{
    public override void Run(Fragment fragment, uint lanes)
    {
        ReadOnlySpan<ulong> x = fragment.Warp.Read(a, lanes);
        Span<ulong> y = fragment.Warp.Write(to, lanes);
        for (int lane = 0; lane < Names.Lanes; lane++)
            if ((lanes >> lane & 1) != 0) Types.Put(ref y[lane], TOp.Of(Slot.Of<TIn>(in x[lane])));
    }
}

/// <summary>A function of two numbers.</summary>
sealed class Binary<TOp, TIn, TOut>(int to, int a, int b) : Instruction where TOp : struct, IBinary<TIn, TOut>
{
    public override void Run(Fragment fragment, uint lanes)
    {
        ReadOnlySpan<ulong> x = fragment.Warp.Read(a, lanes), y = fragment.Warp.Read(b, lanes);
        Span<ulong> z = fragment.Warp.Write(to, lanes);
        for (int lane = 0; lane < Names.Lanes; lane++)
            if ((lanes >> lane & 1) != 0) Types.Put(ref z[lane], TOp.Of(Slot.Of<TIn>(in x[lane]), Slot.Of<TIn>(in y[lane])));
    }
}

/// <summary>A function of two numbers and a third.</summary>
sealed class Ternary<TOp, TIn, TOut>(int to, int a, int b, int c) : Instruction where TOp : struct, ITernary<TIn, TOut>
{
    public override void Run(Fragment fragment, uint lanes)
    {
        ReadOnlySpan<ulong> x = fragment.Warp.Read(a, lanes), y = fragment.Warp.Read(b, lanes), z = fragment.Warp.Read(c, lanes);
        Span<ulong> w = fragment.Warp.Write(to, lanes);
        for (int lane = 0; lane < Names.Lanes; lane++)
            if ((lanes >> lane & 1) != 0)
                Types.Put(ref w[lane], TOp.Of(Slot.Of<TIn>(in x[lane]), Slot.Of<TIn>(in y[lane]), Slot.Of<TOut>(in z[lane])));
    }
}

/// <summary>The types of PTX and how an instruction is closed over one.</summary>
static class Types
{
    /// <summary>
    /// A result; of floats that are none a GPU makes one, whatever the arguments' bits (PTX ISA, "Floating Point Instructions").
    /// </summary>
    public static void Put<T>(ref ulong slot, T value)
    {
        if (typeof(T) == typeof(float) && float.IsNaN((float)(object)value!)) Slot.As<uint>(ref slot) = 0x7FFFFFFF;
        else Slot.As<T>(ref slot) = value;
    }

    /// <summary>The type of .NET that has the same bits and arithmetic.</summary>
    public static Type Of(string type) => type switch
    {
        "s8" => typeof(sbyte),
        "u8" or "b8" => typeof(byte),
        "s16" => typeof(short),
        "u16" or "b16" => typeof(ushort),
        "s32" => typeof(int),
        "u32" or "b32" => typeof(uint),
        "s64" => typeof(long),
        "u64" or "b64" => typeof(ulong),
        "f16" => typeof(Half),
        "f32" => typeof(float),
        "f64" => typeof(double),
        _ => throw new FormatException($"type {type} is not known"),
    };

    /// <summary>Its bytes.</summary>
    public static int Size(string type) => type switch
    {
        "pred" => throw new FormatException("a predicate has no size"),
        _ => int.Parse(type.AsSpan(type.AsSpan().IndexOfAnyInRange('0', '9')), System.Globalization.CultureInfo.InvariantCulture) / 8,
    };

    /// <summary>An instruction with a function, both open, over a type.</summary>
    public static Instruction Make(Type instruction, Type function, Type input, Type output, params object[] places)
    {
        bool both = function.GetGenericArguments().Length == 2;
        Type closed = both ? function.MakeGenericType(input, output) : function.MakeGenericType(input);
        return (Instruction)Activator.CreateInstance(instruction.MakeGenericType(closed, input, output), places)!;
    }

    /// <summary>d = op(a), all of one type.</summary>
    public static Instruction Unary(Statement s, Names names, Type function)
    {
        Type type = Of(s.Type);
        return Make(typeof(Unary<,,>), function, type, type, names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type));
    }

    /// <summary>d = op(a, b), all of one type.</summary>
    public static Instruction Binary(Statement s, Names names, Type function)
    {
        Type type = Of(s.Type);
        return Make(typeof(Binary<,,>), function, type, type, names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type),
            names.Column(s.Operands[2], s.Type));
    }

    /// <summary>d = op(a, b, c), all of one type.</summary>
    public static Instruction Ternary(Statement s, Names names, Type function)
    {
        Type type = Of(s.Type);
        return Make(typeof(Ternary<,,>), function, type, type, names.Target(s.Operands[0]), names.Column(s.Operands[1], s.Type),
            names.Column(s.Operands[2], s.Type), names.Column(s.Operands[3], s.Type));
    }
}

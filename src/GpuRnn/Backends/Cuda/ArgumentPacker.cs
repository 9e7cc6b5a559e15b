using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// Arguments as a kernel reads them: ILGPU passes a struct field by field as C has them, a view as the address of its first element and its
/// length. The code that writes them is made once a type.
/// </summary>
/// <typeparam name="A">The arguments.</typeparam>
static class ArgumentPacker<A> where A : struct
{
    delegate void Writer(in A a, nint to);

    static readonly Writer s_write = Make();

    /// <summary>Bytes.</summary>
    public static int Size { get; private set; }

    /// <summary>Writes them; no allocation.</summary>
    public static void Write(in A a, nint to) => s_write(in a, to);

    static Writer Make()
    {
        ParameterExpression a = Expression.Parameter(typeof(A).MakeByRefType(), "a"), to = Expression.Parameter(typeof(nint), "to");
        List<Expression> writes = [];
        int at = 0;
        Add(a, typeof(A), to, writes, ref at);
        Size = at;
        return Expression.Lambda<Writer>(Expression.Block(typeof(void), writes), a, to).Compile();
    }

    static void Add(Expression value, Type type, ParameterExpression to, List<Expression> writes, ref int at)
    {
        Align(AlignmentOf(type), ref at);
        if (type.IsPrimitive || IsView(type))
        {
            string method = IsView(type) ? nameof(WriteView) : nameof(WriteNumber);
            Type element = IsView(type) ? type.GetGenericArguments()[0] : type;
            writes.Add(Expression.Call(
                typeof(ArgumentPacker<A>).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element),
                to, Expression.Constant(at), value));
            at += IsView(type) ? 16 : SizeOf(type);
            return;
        }
        FieldInfo[] fields = Fields(type);
        foreach (FieldInfo field in fields) Add(Expression.Field(value, field), field.FieldType, to, writes, ref at);
        if (fields.Length == 0) at++; // as .NET has it, what holds nothing takes a byte
        Align(AlignmentOf(type), ref at);
    }

    static unsafe void WriteNumber<T>(nint to, int at, T number) where T : unmanaged => Unsafe.WriteUnaligned((void*)(to + at), number);

    static void WriteView<T>(nint to, int at, ArrayView<T> view) where T : unmanaged
    {
        bool there = view.IsValid && view.Length > 0;
        WriteNumber(to, at, there ? (long)view.LoadEffectiveAddressAsPtr() : 0);
        WriteNumber(to, at + 8, there ? view.Length : 0);
    }

    static void Align(int to, ref int at) => at = (at + to - 1) / to * to;

    static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    static int SizeOf(Type type) => type == typeof(bool) ? 1 : Marshal.SizeOf(type);

    static int AlignmentOf(Type type) => type.IsPrimitive ? SizeOf(type) : IsView(type) ? 8
        : Fields(type).Select(f => AlignmentOf(f.FieldType)).DefaultIfEmpty(1).Max();

    static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}

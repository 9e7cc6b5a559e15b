using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuRnn.Ptx.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Ptx.Engine;

/// <summary>
/// Arguments as a kernel in PTX gets them: ILGPU passes a struct field by field as C has them, a view as the address of its first element
/// and its length.
/// </summary>
/// <param name="memory">Where addresses come from.</param>
sealed unsafe class ArgumentBytes(GlobalMemory memory)
{
    readonly List<byte> bytes = [];

    /// <summary>The bytes of a struct.</summary>
    public static byte[] Of<A>(in A a, GlobalMemory memory) where A : struct
    {
        ArgumentBytes made = new(memory);
        made.Add(a, typeof(A));
        made.Align(AlignmentOf(typeof(A)));
        return [.. made.bytes];
    }

    void Add(object value, Type type)
    {
        if (type.IsPrimitive)
        {
            int size = Marshal.SizeOf(type);
            Align(size);
            ulong bits = value switch
            {
                float f => BitConverter.SingleToUInt32Bits(f),
                double d => BitConverter.DoubleToUInt64Bits(d),
                bool b => b ? 1UL : 0,
                _ => unchecked((ulong)Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
            };
            for (int i = 0; i < size; i++) bytes.Add((byte)(bits >> 8 * i));
        }
        else if (IsView(type))
        {
            MethodInfo address = typeof(ArgumentBytes).GetMethod(nameof(Address), BindingFlags.NonPublic | BindingFlags.Instance)!;
            (ulong first, long length) = ((ulong, long))address.MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [value])!;
            Add((long)first, typeof(long));
            Add(length, typeof(long));
        }
        else
        {
            Align(AlignmentOf(type));
            if (Fields(type).Length == 0) bytes.Add(0); // as .NET has it, what holds nothing takes a byte
            foreach (FieldInfo field in Fields(type)) Add(field.GetValue(value)!, field.FieldType);
            Align(AlignmentOf(type));
        }
    }

    (ulong, long) Address<T>(ArrayView<T> view) where T : unmanaged
    {
        if (!view.IsValid || view.Length == 0) return (0, view.IsValid ? view.Length : 0);
        MemoryBuffer buffer = ((IArrayView)view).Buffer;
        long offset = (long)Unsafe.AsPointer(ref view[0]) - buffer.NativePtr;
        return (memory.AddressOf(buffer, offset), view.Length);
    }

    void Align(int to)
    {
        while (bytes.Count % to != 0) bytes.Add(0);
    }

    static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    static int AlignmentOf(Type type) => type.IsPrimitive ? Marshal.SizeOf(type) : IsView(type) ? 8
        : Fields(type).Select(f => AlignmentOf(f.FieldType)).DefaultIfEmpty(1).Max();

    static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
}

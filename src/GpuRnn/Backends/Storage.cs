using System.Reflection;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Products;

namespace GpuRnn.Backends;

/// <summary>
/// How packed weights and saved gates are stored: types of <see cref="IStored{TSelf, E}"/> over the element that is computed with.
/// </summary>
/// <param name="Weights">Of packed weights.</param>
/// <param name="Gates">Of gates.</param>
sealed record Storage(Type Weights, Type Gates)
{
    /// <summary>As they are computed with.</summary>
    public static Storage Plain(Type element) => new(typeof(Plain<>).MakeGenericType(element), typeof(Plain<>).MakeGenericType(element));

    /// <summary>
    /// Weights in bytes with a scale a gate row: <see cref="Scaled{E, L, D}"/>, which knows the lanes that a layer has.
    /// </summary>
    public bool IsScaled => Weights == typeof(Scaled<,,>);

    /// <summary>Bytes of a packed weight.</summary>
    public int WeightBytes => IsScaled ? 1 : BytesOf(Weights);

    /// <summary>Bytes of a gate row's packed weights.</summary>
    public long RowBytes(int columns) => IsScaled ? ByteRows.Groups(columns) * 4L + 2 * sizeof(float) : (long)columns * WeightBytes;

    /// <summary>Bytes of a slot of a gate row.</summary>
    public int GateBytes => BytesOf(Gates);

    /// <summary>Do sums pass through gates as they are?</summary>
    public bool KeepsSums => Gates.GetGenericArguments() is [var element] && Gates == typeof(Plain<>).MakeGenericType(element);

    static int BytesOf(Type stored) => (int)typeof(Storage).GetMethod(nameof(SizeOf), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(stored).Invoke(null, null)!;

    static int SizeOf<T>() where T : unmanaged => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
}

using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Memory;

/// <summary>
/// bfloat16: the upper half of a float, rounded to nearest, ties to even; 8 significant bits, and a float's range. What is computed with is
/// float.
/// </summary>
unsafe struct BFloat : IStored<BFloat, float>
{
    ushort bits;

    public static bool IsPlain => false;

    public static float Value(BFloat stored) => Interop.IntAsFloat((uint)stored.bits << 16);

    public static BFloat Of(float value) => new() { bits = Upper(Interop.FloatAsInt(value)) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(BFloat* p) => Unsafe.BitCast<uint, float>((uint)p->bits << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Load<L>(BFloat* p) where L : struct, IVector<L, float> => L.LoadUpper((ushort*)p);

    public static void Store<L>(BFloat* p, L value) where L : struct, IVector<L, float>
    {
        float* wide = stackalloc float[L.Width];
        L.Store(wide, value);
        for (int i = 0; i < L.Width; i++) p[i].bits = Upper(Unsafe.BitCast<float, uint>(wide[i]));
    }

    /// <summary>What is no number stays none: its bits must not be rounded up to an infinity, or over the sign.</summary>
    static ushort Upper(uint all)
    {
        uint rounded = all + 0x7FFF + (all >> 16 & 1);
        return (ushort)(((all & 0x7FFFFFFF) > 0x7F800000 ? all | 0x400000 : rounded) >> 16);
    }
}

using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using ILGPU;

namespace GpuRnn.Kernels.Memory;

/// <summary>
/// bfloat16: the upper half of a float, rounded to nearest, ties to even; 8 significant bits, and a float's range. What is computed with is
/// float. Of a group of vectors two and two lie element by element side by side: what loads both is as wide as a vector of floats, and one
/// instruction makes floats of it, a shift for the first and a mask for the second. The last of an odd number lies alone.
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LoadOf<L>(BFloat* p, int i, int count) where L : struct, IVector<L, float> =>
        L.Registers > 1 ? L.LoadUpperPairs((ushort*)p + i * L.Width)
        : (i | 1) >= count ? L.LoadUpper((ushort*)p + i * L.Width)
        : (i & 1) == 0 ? L.LoadEven((ushort*)p + i * L.Width) : L.LoadOdd((ushort*)p + (i - 1) * L.Width);

    public static nint Place<L>(int i, int element, int count) where L : struct, IVector<L, float>
    {
        // what counts are registers: a lane may have several
        int width = L.Width / L.Registers, register = i * L.Registers + element / width, lane = element % width;
        return (register | 1) < count * L.Registers ? (register & ~1) * width + 2 * lane + (register & 1) : register * width + lane;
    }

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

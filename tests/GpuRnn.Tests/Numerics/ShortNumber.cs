using System.Runtime.CompilerServices;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;

namespace GpuRnn.Tests.Numerics;

/// <summary>
/// A storage that only the tests know: bfloat16, the upper half of a float, rounded to nearest even. No cell knows of it.
/// </summary>
public unsafe struct ShortNumber : IStored<ShortNumber, float>
{
    ushort bits;

    static bool IStored<ShortNumber, float>.IsPlain => false;

    static float IStored<ShortNumber, float>.Value(ShortNumber stored) => ILGPU.Interop.IntAsFloat((uint)stored.bits << 16);

    static ShortNumber IStored<ShortNumber, float>.Of(float value)
    {
        uint all = ILGPU.Interop.FloatAsInt(value);
        return new() { bits = (ushort)(all + 0x7FFF + (all >> 16 & 1) >> 16) };
    }

    static float IStored<ShortNumber, float>.Read(ShortNumber* p) => Unsafe.BitCast<uint, float>((uint)p->bits << 16);

    static nint IStored<ShortNumber, float>.Place<L>(int vector, int element, int count) => vector * L.Width + element;

    static L IStored<ShortNumber, float>.LoadOf<L>(ShortNumber* p, int vector, int count) => Load<L>(p + vector * L.Width);

    static L IStored<ShortNumber, float>.Load<L>(ShortNumber* p) => Load<L>(p);

    static L Load<L>(ShortNumber* p) where L : struct, IVector<L, float>
    {
        float* wide = stackalloc float[L.Width];
        for (int i = 0; i < L.Width; i++) wide[i] = Unsafe.BitCast<uint, float>((uint)p[i].bits << 16);
        return L.Load(wide);
    }

    static void IStored<ShortNumber, float>.Store<L>(ShortNumber* p, L value)
    {
        float* wide = stackalloc float[L.Width];
        L.Store(wide, value);
        for (int i = 0; i < L.Width; i++) p[i].bits = Short(wide[i]);
    }

    static ushort Short(float value)
    {
        uint all = Unsafe.BitCast<float, uint>(value);
        return (ushort)(all + 0x7FFF + (all >> 16 & 1) >> 16);
    }

    /// <summary>What is left of a number when it is stored so: 8 bits behind the first, found without the code above.</summary>
    public static double Rounded(double value)
    {
        if (value == 0) return 0;
        double unit = Math.Pow(2, Math.Floor(Math.Log2(Math.Abs(value))) - 7);
        return Math.Round(value / unit, MidpointRounding.ToEven) * unit;
    }
}

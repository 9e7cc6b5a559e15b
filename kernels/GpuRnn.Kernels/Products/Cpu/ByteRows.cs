using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuRnn.Kernels.Products;

/// <summary>
/// Rows of inputs in bytes: a number is (byte - 64) times the row's scale, the largest magnitude of the row over 63. Seven bits, so that
/// two products with signed bytes fit 16 bits on every processor: the same whole sums everywhere.
/// </summary>
static unsafe class ByteRows
{
    /// <summary>Rows that are rounded and multiplied before the next are: room for so many is enough.</summary>
    public const int Block = 240;

    /// <summary>What stands for 0.</summary>
    public const int Zero = 64;

    const float Most = 63;

    /// <summary>Groups of four columns.</summary>
    public static int Groups(int columns) => (columns + 3) / 4;

    /// <summary>Rounds a row to whole groups.</summary>
    /// <returns>The row's scale; no finite number where the row has one.</returns>
    public static float Round(float* row, int count, byte* to)
    {
        float largest = 0;
        int i = 0;
        if (count >= Vector256<float>.Count)
        {
            Vector256<float> most = default;
            for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
                most = Vector256.Max(most, Vector256.Abs(Vector256.Load(row + i))); // NaN stays
            for (int lane = 0; lane < Vector256<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        }
        for (; i < count; i++) largest = MathF.Max(largest, MathF.Abs(row[i]));
        float scale = largest / Most, inverse = largest > 0 ? Most / largest : 0;
        i = 0;
        if (float.IsFinite(inverse) && float.IsFinite(largest))
            for (; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
            {
                Vector256<int> whole = Vector256.ConvertToInt32Native(
                    Vector256.Load(row + i) * Vector256.Create(inverse) + Vector256.Create(Zero + 0.5f));
                Vector128<short> half = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
                Unsafe.WriteUnaligned(to + i, Vector128.Narrow(half, half).AsUInt64().ToScalar());
            }
        for (; i < count; i++) to[i] = Whole(row[i] * inverse);
        for (; i < Groups(count) * 4; i++) to[i] = Zero; // their weights are 0
        return scale;
    }

    /// <summary>What is no number has a scale that is none; its byte may be any that fits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte Whole(float scaled) => float.IsFinite(scaled) ? (byte)(int)(scaled + (Zero + 0.5f)) : (byte)Zero;
}

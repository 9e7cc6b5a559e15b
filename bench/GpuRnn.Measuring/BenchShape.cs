using System.Globalization;

namespace GpuRnn.Measuring;

/// <summary>What a layer is measured on.</summary>
/// <param name="T">Steps.</param>
/// <param name="B">Sequences.</param>
/// <param name="I">Input size.</param>
/// <param name="H">Hidden units.</param>
public readonly record struct BenchShape(int T, int B, int I, int H)
{
    const int MostUnits = 1 << 16, MostSteps = 1 << 24;

    /// <summary>A batch, a single sequence, a large layer, many short sequences, few long ones.</summary>
    public static IReadOnlyList<BenchShape> Default { get; } =
        [new(100, 64, 128, 256), new(100, 1, 128, 256), new(256, 32, 512, 512), new(20, 512, 32, 64), new(1000, 8, 64, 128)];

    /// <summary>Reads T,B,I,H.</summary>
    public static BenchShape Parse(string text)
    {
        int[] sizes = [.. text.Split(',').Select(Size)];
        if (sizes.Length != 4 || sizes.Min() < 1 || Math.Max(sizes[0], sizes[1]) > MostSteps || Math.Max(sizes[2], sizes[3]) > MostUnits)
            throw new GpuRnnException(
                $"--shape '{text}' is no shape; write T,B,I,H, such as 100,64,128,256: "
                + $"T and B from 1 to {MostSteps}, I and H from 1 to {MostUnits}.");
        double numbers = (double)sizes[0] * sizes[1] * Math.Max(sizes[2], sizes[3]);
        return numbers <= Array.MaxLength ? new(sizes[0], sizes[1], sizes[2], sizes[3])
            : throw new GpuRnnException(
                $"--shape '{text}' has {numbers:N0} numbers for its sequences; expected at most {Array.MaxLength:N0}.");
    }

    static int Size(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0;

    /// <summary>Operations of the gate products: a multiply and an add each; backward twice as many again.</summary>
    public double Flops(int gates, bool training) => 2.0 * gates * T * B * H * ((double)I + H) * (training ? 3 : 1);

    /// <summary>About how much memory a pass takes: weights, packed copies and gradients; inputs, gates, states and gradients.</summary>
    public double Bytes(int gates) => 4.0 * (6.0 * gates * H * ((double)I + H) + (double)T * B * (2.0 * I + (gates + 4.0) * H));

    public override string ToString() => $"{T},{B},{I},{H}";
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GpuRnn.Layers;
using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Numerics;

/// <summary>
/// Bits of outputs, states and gradients on the CPU, which vectors of one width make on every machine, stand in an approved file,
/// bits.txt: whoever changes one says why in CHANGELOG.md.
/// GPURNN_APPROVE=1 dotnet test -c Release --filter BitsTests writes it.
/// </summary>
public class BitsTests
{
    static readonly string s_path = Path.Combine(Repository.Root, "tests", "GpuRnn.Tests", "Numerics", "bits.txt");
    static readonly int[] s_lengths = [6, 9, 1, 0, 9, 4, 8, 2, 9, 7, 3];

    [Test]
    public void AreAsApproved()
    {
        string now = string.Concat(new[] { 128, 256, 512 }.Select(Lines));
        if (Environment.GetEnvironmentVariable("GPURNN_APPROVE") == "1") File.WriteAllText(s_path, now);
        Assert.That(now, Is.EqualTo(File.ReadAllText(s_path).ReplaceLineEndings("\n")), "bits have changed: see this test's summary");
    }

    static string Lines(int bits)
    {
        using Device device = Device.Open("cpu", new() { VectorBits = bits });
        return string.Concat(
            from cell in Cell.All.Select(c => c.Name).Concat(TestCell.Names)
            let ragged = new Case(cell, 9, 11, 13, 45, 2, Directions.Concatenated, s_lengths)
            let again = new Case(cell, 9, 2, 13, 70, 1, Directions.Summed, Recompute: 4)
            select $"{cell}, {bits} bits: float {Hash<float>(device, ragged, again)}, double {Hash<double>(device, ragged, again)}, "
                + $"int8 {InBytes(device, cell)}\n");
    }

    /// <summary>Outputs of weights in int8.</summary>
    static string InBytes(Device device, string cell)
    {
        using Recurrent<float> network = TestCell.Network<float>(
            device, cell, 13, 45, new() { Layers = 2, Directions = Directions.Concatenated });
        network.Initialize(3);
        using Pass<float> pass = network.Plan(9, s_lengths.Length, new() { WeightPrecision = WeightPrecision.Int8 });
        pass.SetLengths(9, s_lengths);
        float[] y = pass.Forward(Numbers.To<float>(Numbers.Random(9 * s_lengths.Length * 13, 5)));
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(y)))[..16];
    }

    static string Hash<E>(Device device, params Case[] cases) where E : unmanaged, IFloatingPointIeee754<E>
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Case c in cases)
        {
            Outcome<E> got = Outcome<E>.Of(device, c, out _, out _);
            foreach (E[] numbers in (E[][])[got.Y, got.Hn, got.Cn, got.Dx, got.Dh0, got.Dc0, .. got.Gradients.Values])
                hash.AppendData(MemoryMarshal.AsBytes<E>(numbers));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

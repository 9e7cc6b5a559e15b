using GpuRnn.Interop;

namespace GpuRnn.Tests.Interop;

/// <summary>What is written is read again, in the bytes that the format asks for.</summary>
public class SafetensorsTests : FolderTests
{
    [Test]
    public void WhatIsWrittenIsRead()
    {
        float[] single = [1.5f, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, float.MaxValue];
        double[] real = [Math.PI, -0.0, double.NegativeInfinity, double.Epsilon];
        SafetensorsWriter.Write(file, new Dictionary<string, string> { ["cell"] = "lstm", ["schön"] = "\"\n\t€\u2028" },
        [
            ("single", [2, 3], single), ("real", [4], real), ("long", [2, 1], new[] { long.MinValue, long.MaxValue }),
            ("int", [1], new[] { -7 }), ("rank 0", [], new[] { 3f }), ("empty", [0, 5], new double[0]), ("größe\"", [1], new[] { 2.0 }),
        ]);
        using SafetensorsFile read = SafetensorsFile.Open(file);
        Assert.That(read.Metadata, Is.EqualTo(new Dictionary<string, string> { ["cell"] = "lstm", ["schön"] = "\"\n\t€\u2028" }));
        Assert.That(read.Tensors, Has.Count.EqualTo(7));
        Assert.That(Bits(read.ReadSingle("single")), Is.EqualTo(Bits(single)));
        Assert.That(Bits(read.ReadDouble("real")), Is.EqualTo(Bits(real)));
        Assert.That(read.ReadSingle("real"), Is.EqualTo(real.Select(value => (float)value)));
        Assert.That(read.ReadDouble("single"), Is.EqualTo(single.Select(value => (double)value)));
        Assert.That(read.ReadInt64("long"), Is.EqualTo(new[] { long.MinValue, long.MaxValue }));
        Assert.That(read.ReadInt64("int"), Is.EqualTo(new[] { -7 }));
        Assert.That(read.ReadSingle("rank 0"), Is.EqualTo(new[] { 3f }));
        Assert.That(read.ReadDouble("empty"), Is.Empty);
        Assert.That(read.ReadDouble("größe\""), Is.EqualTo(new[] { 2.0 }));
        Assert.That(read.Tensors["single"].Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(read.Tensors["rank 0"], Has.Property("Length").EqualTo(1).And.Property("DType").EqualTo("F32"));
        Assert.That(read.Tensors.Values.Select(t => t.Begin % (t.DType.EndsWith("64") ? 8 : 4)), Is.All.EqualTo(0), "alignment");
    }

    // Longer than the chunks in which tensors are read and written, and no multiple of them.
    [Test]
    public void LongTensorsAreReadWhole()
    {
        float[] values = [.. Enumerable.Range(0, 700_001).Select(i => (float)i)];
        SafetensorsWriter.Write(file, null, [("a", [1], new[] { -1f }), ("values", [values.Length], values)]);
        using SafetensorsFile read = SafetensorsFile.Open(file);
        Assert.That(read.ReadSingle("values").AsSpan().SequenceEqual(values));
        Assert.That(read.ReadDouble("values").AsSpan().SequenceEqual([.. values.Select(value => (double)value)]));
    }

    // The bytes of the format's description, by hand.
    [Test]
    public void TheBytesAreThoseOfTheFormat()
    {
        SafetensorsWriter.Write(file, new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
            [("x", [1], new[] { 1f }), ("y", [1], new[] { 2L })]);
        string header = "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},\"y\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
        byte[] expected = SafetensorsLieTests.Bytes(header.PadRight((header.Length + 7) / 8 * 8), 12);
        expected[^12] = 2;
        (expected[^1], expected[^2]) = (0x3f, 0x80);
        Assert.That(header.Length % 8, Is.Not.Zero, "else nothing is padded here");
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(expected));
    }

    [Test]
    public void TheSameContentGivesTheSameBytes()
    {
        byte[] Write(params string[] keys)
        {
            SafetensorsWriter.Write(file, keys.ToDictionary(key => key), [("x", [2], new[] { 1f, 2 }), ("y", [1], new[] { 2f })]);
            return File.ReadAllBytes(file);
        }
        byte[] bytes = Write("one", "two", "three");
        Assert.That(Write("three", "two", "one"), Is.EqualTo(bytes));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void WhatNoFileCanHoldIsNotWritten()
    {
        SafetensorsWriter.Write(file, null, [("old", [1], new[] { 1f })]);
        byte[] old = File.ReadAllBytes(file);
        string Refused(string name, long[] shape, Array data) =>
            LineOf(() => SafetensorsWriter.Write(file, null, [("x", [0], new float[0]), (name, shape, data)]));
        Assert.That(Refused("x", [1], new float[1]), Does.Contain("'x' is there twice"));
        Assert.That(Refused("w", [2, 3], new float[5]), Does.Contain("F32 [2, 3] and has 20 bytes; expected 24"));
        Assert.That(Refused("w", [-1, -1], new float[1]), Does.Contain("shape holds -1"));
        Assert.That(Refused("w", [1], new uint[1]), Does.Contain("System.UInt32[]"));
        Assert.That(Refused("__metadata__", [1], new float[1]), Does.Contain("__metadata__"));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(old));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    static ulong[] Bits(float[] values) => [.. values.Select(value => (ulong)BitConverter.SingleToUInt32Bits(value))];

    static ulong[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToUInt64Bits)];
}

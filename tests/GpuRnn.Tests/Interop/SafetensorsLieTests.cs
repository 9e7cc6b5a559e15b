using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using GpuRnn.Interop;

namespace GpuRnn.Tests.Interop;

/// <summary>Files that lie end in one line, soon and in little memory.</summary>
[NonParallelizable]
public class SafetensorsLieTests : FolderTests
{
    const string Weight = "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}";

    [TestCase("{}", 0)]
    [TestCase("{}       \n\t", 0)]
    [TestCase("{\"__metadata__\":{}}", 0)]
    [TestCase("{" + Weight + "}", 24)]
    [TestCase("{\"\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]}}", 2)]
    [TestCase("{\"\\u0041\":{\"\\u0064type\":\"F4\",\"shape\":[3,2],\"data_offsets\":[0,3]}}", 3)]
    [TestCase("{\"n\":{\"data_offsets\":[24,24],\"dtype\":\"U8\",\"shape\":[0,9223372036854775807]}," + Weight + "}", 24)]
    public void UnusualFilesAreRight(string header, int data)
    {
        File.WriteAllBytes(file, Bytes(header, data));
        Assert.That(() => SafetensorsFile.Open(file).Dispose(), Throws.Nothing);
    }

    const string Nothing = "{\"dtype\":\"U8\",\"data_offsets\":[0,0],\"shape\":", Ones = ",1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1";
    const string Long = Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones + Ones
        + Ones + Ones + Ones + Ones + Ones + Ones + Ones;

    static readonly TestCaseData[] s_lies =
    [
        Lie("no bytes", [], "0 bytes long"),
        Lie("7 bytes", new byte[7], "7 bytes long"),
        Lie("no header", new byte[8], "does not begin with '{'"),
        Lie("header beyond the file", [.. Length(100), .. "{}"u8], "claims 100 bytes", "no more than 2"),
        Lie("negative header", [.. Length(ulong.MaxValue), .. "{}"u8], "claims 18446744073709551615 bytes"),
        Lie("header over 100 MB", [.. Length(100_000_001), .. "{}"u8], "claims 100000001 bytes"),
        Lie("not UTF-8", [.. Length(4), (byte)'{', 0xff, (byte)' ', (byte)'}'], "not UTF-8"),
        Lie("space before", " {}", 0, "does not begin with '{'"),
        Lie("array", "[]", 0, "does not begin with '{'"),
        Lie("not JSON", "{hello}", 0, "not JSON"),
        Lie("open object", "{", 0, "not JSON"),
        Lie("open tensor", "{\"w\":{\"dtype\":", 0, "not JSON"),
        Lie("trailing comma", "{" + Weight + ",}", 24, "not JSON"),
        Lie("comment", "{/**/}", 0, "not JSON"),
        Lie("two objects", "{}{}", 0, "not JSON"),
        Lie("zeros behind", "{}\0\0", 0, "not JSON"),
        Lie("half a surrogate pair", "{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "not JSON"),
        Lie("line breaks in a name", "{\"a\\nb\\u2028c\":1}", 0, "'a\\u000ab\\u2028c'"),
        Lie("endless name", "{\"" + new string('n', 10_000) + "\":1}", 0, "(10000 characters)"),
        Lie("endless number", "{\"w\":" + new string('1', 10_000) + "}", 0, "111"),
        Lie("nesting", string.Concat(Enumerable.Repeat("{\"a\":", 100)), 0, "key 'a'", "dtype"),
        Lie("nested shape", "{\"w\":{\"shape\":" + new string('[', 1000), 0, "shape", "an array", "integers"),
        Lie("metadata no object", "{\"__metadata__\":[]}", 0, "__metadata__", "an array", "an object of texts"),
        Lie("metadata null", "{\"__metadata__\":null}", 0, "__metadata__", "null"),
        Lie("metadata number", "{\"__metadata__\":{\"a\":5}}", 0, "__metadata__ 'a'", "5", "a text"),
        Lie("metadata nested", "{\"__metadata__\":{\"a\":{}}}", 0, "__metadata__ 'a'", "an object", "a text"),
        Lie("metadata key twice", "{\"__metadata__\":{\"a\":\"\",\"\\u0061\":\"\"}}", 0, "__metadata__ 'a'", "twice"),
        Lie("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__", "twice"),
        Lie("tensor twice", "{" + Weight + "," + Weight + "}", 24, "'w'", "twice"),
        Lie("tensor no object", "{\"w\":\"F32\"}", 0, "'w'", "a text", "an object"),
        Lie("no dtype", "{\"w\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4, "'w'", "no dtype"),
        Lie("no shape", "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "'w'", "no shape"),
        Lie("no offsets", "{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, "'w'", "no data_offsets"),
        Lie("key twice", "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4, "'w'", "'dtype'", "once"),
        Lie("unknown key", "{\"w\":{\"scale\":2}}", 4, "'w'", "'scale'"),
        Tensor("dtype unknown", "\"F31\"", "[1]", "[0,4]", "'F31'", "F32"),
        Tensor("dtype in small letters", "\"f32\"", "[1]", "[0,4]", "'f32'"),
        Tensor("dtype no text", "32", "[1]", "[0,4]", "dtype is 32"),
        Tensor("shape no array", "\"F32\"", "1", "[0,4]", "shape is 1"),
        Tensor("shape negative", "\"F32\"", "[-1,-1]", "[0,4]", "shape holds -1"),
        Tensor("shape fraction", "\"F32\"", "[1.0]", "[0,4]", "shape holds 1.0"),
        Tensor("shape exponent", "\"F32\"", "[1e0]", "[0,4]", "shape holds 1e0"),
        Tensor("shape text", "\"F32\"", "[\"1\"]", "[0,4]", "shape holds a text"),
        Tensor("shape beyond 63 bits", "\"F32\"", "[9223372036854775808]", "[0,4]", "shape holds 9223372036854775808"),
        Tensor("shape overflows", "\"F32\"", "[4294967296,4294967296,0]", "[0,0]", "elements"),
        Tensor("shape overflows to 1", "\"F32\"", "[6700417,641,4294967297]", "[0,4]", "elements"),
        Tensor("size overflows", "\"F32\"", "[4611686018427387905]", "[0,4]", "18446744073709551620"),
        Tensor("65 dimensions", "\"F32\"", "[" + string.Join(',', Enumerable.Repeat(1, 65)) + "]", "[0,4]", "more than 64"),
        Tensor("size too small", "\"F32\"", "[2]", "[0,4]", "F32 [2]", "4 bytes", "expected 8"),
        Tensor("size too large", "\"U8\"", "[3]", "[0,4]", "U8 [3]", "4 bytes", "expected 3"),
        Tensor("half a byte", "\"F4\"", "[7]", "[0,4]", "F4 [7]", "4 bytes"),
        Tensor("one offset", "\"F32\"", "[1]", "[4]", "1 data_offsets", "2"),
        Tensor("three offsets", "\"F32\"", "[1]", "[0,2,4]", "3 data_offsets", "2"),
        Tensor("offsets no array", "\"F32\"", "[1]", "{}", "data_offsets is an object"),
        Tensor("offset null", "\"F32\"", "[1]", "[null,4]", "data_offsets holds null"),
        Tensor("offset negative", "\"F32\"", "[1]", "[-4,0]", "data_offsets holds -4"),
        Tensor("offsets reversed", "\"F32\"", "[1]", "[4,0]", "[4, 0]", "within the 4 bytes"),
        Tensor("offsets beyond the data", "\"F32\"", "[2]", "[0,8]", "[0, 8]", "within the 4 bytes"),
        Lie("data left over", "{" + Weight + "}", 25, "25 bytes", "24 bytes"),
        Lie("data without tensors", "{}", 1, "1 bytes", "0 bytes"),
        Pair("overlap", "[0,4]", "[3,7]", 7, "'b'", "byte 3", "within another tensor"),
        Pair("the same bytes", "[0,4]", "[0,4]", 4, "byte 0", "within another tensor"),
        Pair("hole between", "[5,9]", "[0,4]", 9, "'a'", "byte 5", "hole"),
        Pair("hole before", "[1,5]", "[5,9]", 9, "'a'", "byte 1", "hole"),
        Lie("nothing amid another", "{" + Weight + ",\"n\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[5,5]}}", 24, "'n'", "within"),
    ];

    [TestCaseSource(nameof(s_lies))]
    public void ALieIsToldInOneLine(byte[] bytes, string[] expected)
    {
        File.WriteAllBytes(file, bytes);
        string message = LineOf(() => SafetensorsFile.Open(file));
        foreach (string text in expected) Assert.That(message, Does.Contain(text));
        // The file is closed again: else Windows would not let it be deleted.
        using FileStream exclusive = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Test]
    public void WhatCannotBeOpenedIsToldInOneLine()
    {
        Assert.That(LineOf(() => SafetensorsFile.Open(file)), Does.Contain("no such file"));
        Assert.That(LineOf(() => SafetensorsFile.Open(file + "/x"), file + "/x"), Does.Contain("no such file"));
        Assert.That(LineOf(() => SafetensorsFile.Open(folder), folder), Does.Contain("folder"));
        Assert.That(LineOf(() => SafetensorsFile.Open(""), "''"), Does.Contain("cannot be read"));
        Assert.That(LineOf(() => SafetensorsFile.Open("a\0b"), "a\\u0000b"), Does.Contain("cannot be read"));
        Assert.That(LineOf(() => SafetensorsFile.Open("a\nb"), "a\\u000ab"), Does.Contain("no such file"));
    }

    [Test]
    public void LinksAreFollowed()
    {
        Assume.That(!OperatingSystem.IsWindows(), "links need rights there");
        SafetensorsWriter.Write(file, null, [("x", [1], new[] { 1f })]);
        // The link itself is shorter than 8 bytes.
        string link = Path.Combine(folder, "b");
        File.CreateSymbolicLink(link, "c");
        File.CreateSymbolicLink(Path.Combine(folder, "c"), "./" + Path.GetFileName(file));
        using (SafetensorsFile read = SafetensorsFile.Open(link)) Assert.That(read.Tensors, Has.Count.EqualTo(1));
        File.Delete(file);
        Assert.That(LineOf(() => SafetensorsFile.Open(link), link), Does.Contain("no such file"));
    }

    [Test]
    public void FilesWithoutPermissionAreToldInOneLine()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Nothing is forbidden to root.");
            return;
        }
        File.WriteAllBytes(file, Bytes("{}", 0));
        File.SetUnixFileMode(file, UnixFileMode.None);
        Assert.That(LineOf(() => SafetensorsFile.Open(file)), Does.Contain("permission"));
    }

    [Test]
    public void TensorsOfOtherTypesAreToldInOneLine()
    {
        SafetensorsWriter.Write(file, null, [("w", [1], new[] { 1f }), ("n", [1], new[] { 1L })]);
        using SafetensorsFile read = SafetensorsFile.Open(file);
        Assert.That(LineOf(() => read.ReadSingle("n")), Does.Contain("'n' is I64; expected F32 or F64"));
        Assert.That(LineOf(() => read.ReadDouble("n")), Does.Contain("'n' is I64; expected F32 or F64"));
        Assert.That(LineOf(() => read.ReadInt64("w")), Does.Contain("'w' is F32; expected I64 or I32"));
        Assert.That(LineOf(() => read.ReadSingle("v")), Does.Contain("no tensor 'v'; there is 'n', 'w'"));
    }

    [Test]
    public void AFileCutShortWhileOpenIsToldInOneLine()
    {
        Assume.That(!OperatingSystem.IsWindows(), "Windows keeps it from being cut");
        SafetensorsWriter.Write(file, null, [("w", [2], new[] { 1f, 2 })]);
        using SafetensorsFile read = SafetensorsFile.Open(file);
        using (FileStream cut = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) cut.SetLength(cut.Length - 4);
        Assert.That(LineOf(() => read.ReadSingle("w")), Does.Contain("cut short"));
    }

    // Header lengths, braces, digits and data alike: most of these files still say something, and none may get further than one line.
    [Test]
    public void DamagedFilesAreReadOrToldInOneLine([Range(1, 8)] int seed)
    {
        SafetensorsWriter.Write(file, new Dictionary<string, string> { ["cell"] = "lstm" },
            [("w", [2, 3], new float[6]), ("n", [2], new long[2]), ("d", [], new double[1]), ("e", [0], new int[0])]);
        byte[] right = File.ReadAllBytes(file);
        Random random = new(seed);
        int read = 0;
        Stopwatch clock = Stopwatch.StartNew();
        for (int trial = 0; trial < 500; trial++)
        {
            File.WriteAllBytes(file, Damaged(right, random));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using SafetensorsFile opened = SafetensorsFile.Open(file);
                foreach (TensorEntry tensor in opened.Tensors.Values) ReadAny(opened, tensor);
                read++;
            }
            catch (BadFileException e)
            {
                AssertLine(e.Message, file);
            }
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
        Assert.That(read, Is.InRange(10, 490), "else this tests one side only");
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(20));
    }

    static byte[] Damaged(byte[] right, Random random)
    {
        byte[] bytes = [.. right];
        for (int flips = random.Next(3); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        if (random.Next(4) == 0) bytes[random.Next(8, bytes.Length)] = (byte)"0123456789[]{},:\"\\-"[random.Next(19)];
        return random.Next(8) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => [.. bytes, .. new byte[random.Next(1, 9)]],
            _ => bytes,
        };
    }

    static void ReadAny(SafetensorsFile opened, TensorEntry tensor)
    {
        if (tensor.DType is "I32" or "I64") opened.ReadInt64(tensor.Name);
        else opened.ReadDouble(tensor.Name);
    }

    // What may fill 100 MB of header. Allocations in sum are more than what is in use at any time.
    [TestCase("{\"__metadata__\":{", "\"NNNNNNN\":\"\",", "", "more than 100000", TestName = "{m}(many keys)")]
    [TestCase("{\"__metadata__\":{", "\"NNNNNNN" + Long + "\":\"\",", "", "to over 33554432", TestName = "{m}(long keys)")]
    [TestCase("{", "\"NNNNNNN\":" + Nothing + "[0]},", "", "more than 100000", TestName = "{m}(many tensors)")]
    [TestCase("{", "\"NNNNNNN" + Long + "\":" + Nothing + "[0]},", "", "to over 33554432", TestName = "{m}(long names)")]
    [TestCase("{", "\"NNNNNNN\":" + Nothing + "[0" + Ones + Ones + Ones + "]},", "", "more than 100000", TestName = "{m}(many dimensions)")]
    [TestCase("{\"w\":{\"shape\":[", "1,", "1]}}", "more than 64", TestName = "{m}(endless shape)")]
    [TestCase("{\"w\":", "1", "}", "1111", TestName = "{m}(endless number)")]
    [TestCase("{\"w\":{\"shape\":", "[", "", "an array", TestName = "{m}(endless nesting)")]
    [TestCase("{\"__metadata__\":{\"w\":\"", "\\n", "\"}}", "to over", TestName = "{m}(endless value)")]
    [TestCase("{\"", "x", "\":{}}", "to over", TestName = "{m}(endless name)")]
    [TestCase("", "\0", "", "does not begin", TestName = "{m}(zeros)")]
    [TestCase("{", "\ufffd", "", "not JSON", TestName = "{m}(no JSON)")]
    public void AFullHeaderEndsSoon(string start, string middle, string end, string expected)
    {
        byte[] header = new byte[99_999_999];
        int filled = Encoding.UTF8.GetBytes(start, header), last = header.Length - Encoding.UTF8.GetByteCount(end);
        byte[] piece = Encoding.UTF8.GetBytes(middle);
        int number = middle.IndexOf('N');
        for (int count = 0; filled + piece.Length <= last; count++, filled += piece.Length)
        {
            if (number >= 0) count.TryFormat(piece.AsSpan(number, 7), out _, "d7");
            piece.CopyTo(header, filled);
        }
        header.AsSpan(filled).Fill((byte)' ');
        Encoding.UTF8.GetBytes(end, header.AsSpan(last));
        using (FileStream stream = File.Create(file))
        {
            stream.Write(Length((ulong)header.Length));
            stream.Write(header);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch clock = Stopwatch.StartNew();
        Assert.That(LineOf(() => SafetensorsFile.Open(file)), Does.Contain(expected));
        TestContext.Out.WriteLine($"{clock.ElapsedMilliseconds} ms, {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MB");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(350L << 20));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(5));
    }

    [Test]
    public void OpeningReadsTheHeaderAlone()
    {
        Assume.That(OperatingSystem.IsLinux(), "elsewhere a file with nothing in it takes space");
        File.WriteAllBytes(file, Bytes("{\"w\":{\"dtype\":\"F32\",\"shape\":[16,1073741824],\"data_offsets\":[0,68719476736]}}", 0));
        using (FileStream sparse = new(file, FileMode.Open)) sparse.SetLength(sparse.Length + (1L << 36));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using SafetensorsFile opened = SafetensorsFile.Open(file);
        Assert.That(opened.Tensors["w"].Length, Is.EqualTo(1L << 34));
        Assert.That(LineOf(() => opened.ReadSingle("w")), Does.Contain("17179869184 elements"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    internal static byte[] Bytes(string header, int data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. Length((ulong)json.Length), .. json, .. new byte[data]];
    }

    static byte[] Length(ulong length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    static TestCaseData Lie(string name, byte[] bytes, params string[] expected) =>
        new TestCaseData(bytes, expected).SetArgDisplayNames(name);

    static TestCaseData Lie(string name, string header, int data, params string[] expected) => Lie(name, Bytes(header, data), expected);

    static TestCaseData Tensor(string name, string dtype, string shape, string offsets, params string[] expected) =>
        Lie(name, $"{{\"w\":{{\"dtype\":{dtype},\"shape\":{shape},\"data_offsets\":{offsets}}}}}", 4, ["'w'", .. expected]);

    static TestCaseData Pair(string name, string a, string b, int data, params string[] expected)
    {
        static string Four(string offsets) => $"{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":{offsets}}}";
        return Lie(name, $"{{\"a\":{Four(a)},\"b\":{Four(b)}}}", data, expected);
    }
}

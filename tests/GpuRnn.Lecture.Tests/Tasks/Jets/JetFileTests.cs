using GpuRnn.Lecture.Tasks.Jets;

namespace GpuRnn.Lecture.Tests.Tasks.Jets;

/// <summary>Files that Python wrote (data/make.py), and what is said of those that are wrong.</summary>
public class JetFileTests : FolderTests
{
    static string Data(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Tasks", "Jets", "data", name);

    static Jet[] Read(string path) => [.. new JetFile(path).Read()];

    string Line(string path) => LineOf(() => Read(path), path);

    /// <summary>Another file of the test's folder.</summary>
    string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Test]
    public void CsvByHand()
    {
        string path =
            Write("a.csv", "PZ_0,E_0,is_signal_new,PX_0,PY_0,E_1,PX_1,PY_1,PZ_1,ttv\n12,13,1,3,4,5,3,0,4,x\n0,5,0,0,5,0,0,0,0,x\n");
        Jet[] jets = Read(path);
        Assert.That(jets.Select(j => j.IsTop), Is.EqualTo(new[] { true, false }));
        Assert.That(jets[0].Constituents, Is.EqualTo(new FourVector[] { new(13, 3, 4, 12), new(5, 3, 0, 4) }));
        Assert.That(jets[1].Constituents, Is.EqualTo(new FourVector[] { new(5, 0, 5, 0) }));
        Assert.That(new JetFile(path).Name, Is.EqualTo("a.csv"));
    }

    [TestCase("table.h5")]
    [TestCase("fixed.h5")]
    [TestCase("fixed-blosc.h5")]
    [TestCase("float64.h5")]
    [TestCase("data-columns.h5")]
    [TestCase("pytables.h5")]
    [TestCase("zlib.h5")]
    [TestCase("bzip2.h5")]
    [TestCase("blosc-blosclz.h5")]
    [TestCase("blosc-lz4.h5")]
    [TestCase("blosc-zlib.h5")]
    [TestCase("blosc-zstd.h5")]
    public void PythonsFiles(string name) => AssertSame(Read(Data(name)), Read(Data("jets.csv")), 1);

    [Test]
    public void ManyBlocksOfRows()
    {
        AssertSame(Read(Data("many.h5")), Read(Data("jets.csv")), 700);
        // chunks of 390 rows: blocks of one chunk, and of three
        foreach (long bytes in new long[] { 1, 200_000 })
            AssertSame([.. Hdf5Jets.Read(Data("many.h5"), bytes)], Read(Data("jets.csv")), 700);
        AssertSame([.. Hdf5Jets.Read(Data("fixed.h5"), 1)], Read(Data("jets.csv")), 1);
    }

    [TestCase("far-blosc-blosclz.h5")]
    [TestCase("far-blosc-lz4.h5")]
    public void FarMatches(string name)
    {
        Jet[] jets = Read(Data(name)), expected = Read(Data("far-zlib.h5"));
        Assert.That(jets, Has.Length.EqualTo(400));
        Assert.That(jets.Select(j => j.Constituents), Is.EqualTo(expected.Select(j => j.Constituents)));
    }

    static void AssertSame(Jet[] jets, Jet[] expected, int times)
    {
        Assert.That(expected.Select(j => j.Constituents.Count), Is.EqualTo(new[] { 8, 3, 4, 5, 6, 7 }));
        Assert.That(expected.Select(j => j.IsTop), Is.EqualTo(new[] { false, true, false, true, true, false }));
        Assert.That(jets, Has.Length.EqualTo(times * expected.Length));
        for (int i = 0; i < jets.Length; i++)
        {
            Jet jet = jets[i], same = expected[i % expected.Length];
            Assert.That(jet.IsTop, Is.EqualTo(same.IsTop));
            Assert.That(jet.Constituents, Has.Count.EqualTo(same.Constituents.Count));
            for (int c = 0; c < same.Constituents.Count; c++)
            {
                // float32 in the files, its shortest decimals in the text
                FourVector a = jet.Constituents[c], b = same.Constituents[c];
                Assert.That(
                    (float)a.E == (float)b.E && (float)a.Px == (float)b.Px
                        && (float)a.Py == (float)b.Py && (float)a.Pz == (float)b.Pz,
                    $"jet {i}, constituent {c}");
            }
        }
    }

    [TestCase("lzo.h5", "lzo", "305", "zlib")]
    [TestCase("missing.h5", "no column 'PY_3'", "PX")]
    [TestCase("nan.h5", "row 4", "'PX_1'", "NaN")]
    [TestCase("label.h5", "row 3", "is_signal_new", "is 2", "0 or 1")]
    [TestCase("one-class.h5", "all 3 rows", "is_signal_new = 1", "both classes")]
    [TestCase("empty.h5", "no rows")]
    public void PythonsFilesThatAreWrong(string name, params string[] parts)
    {
        string line = Line(Data(name));
        foreach (string part in parts) Assert.That(line, Does.Contain(part));
    }

    const string Header = "E_0,PX_0,PY_0,PZ_0,is_signal_new\n", Good = "13,3,4,12,1\n5,0,5,0,0\n";

    [TestCase("", "it is empty")]
    [TestCase("a,b\n1,2\n", "no column 'E_0'")]
    [TestCase("E_0,PX_0,PY_0,PZ_0\n1,1,0,0\n", "no column 'is_signal_new'")]
    [TestCase("E_0,PX_0,PY_0,PZ_0,E_0,is_signal_new\n", "'E_0' twice")]
    [TestCase("E_0,PX_0,PY_0,PZ_0,PX_2,is_signal_new\n", "no column 'E_1'", "3 constituents")]
    [TestCase(Header, "no rows")]
    [TestCase(Header + Good + "1,2,3\n", "line 4", "3 values", "expected 5")]
    [TestCase(Header + Good + "1,1,0,0,0,0\n", "line 4", "6 values")]
    [TestCase(Header + Good + "1,1,0,,1\n", "line 4", "'PZ_0'", "''")]
    [TestCase(Header + "1,nan,0,0,1\n" + Good, "line 2", "'PX_0'", "NaN")]
    [TestCase(Header + Good + "1,one,0,0,1\n", "line 4", "'PX_0'", "'one'", "a number")]
    [TestCase(Header + Good + "1,1,0,0,-1\n", "line 4", "is -1", "0 or 1")]
    [TestCase(Header + Good + "0,0,0,0,1\n", "line 4", "no constituents")]
    [TestCase(Header + Good + "1,3,4,12,1\n", "line 4", "E_0 = 1", "momentum 13")]
    [TestCase(Header + Good + "\n" + Good, "line 4", "1 values")]
    [TestCase(Header + "5,0,5,0,0\n", "all 1 rows", "is_signal_new = 0")]
    public void CsvThatIsWrong(string text, params string[] parts)
    {
        string line = Line(Write("a.csv", text));
        foreach (string part in parts) Assert.That(line, Does.Contain(part));
    }

    [Test]
    public void CutFiles()
    {
        foreach (string name in new[] { "table.h5", "fixed.h5", "blosc-blosclz.h5" })
        {
            byte[] whole = File.ReadAllBytes(Data(name));
            foreach (int length in new[] { 0, 7, 100, whole.Length / 2, whole.Length - 1 })
            {
                string path = Path.Combine(folder, $"{length}.h5");
                File.WriteAllBytes(path, whole[..length]);
                Assert.That(Line(path), Does.Contain("cannot be read as HDF5"));
            }
        }
        Assert.That(Line(Path.Combine(folder, "none.h5")), Does.Contain("cannot be read"));
        Assert.That(Line(Write("a.parquet", "PAR1 and no more")), Does.Contain("cannot be read as Parquet"));
        Assert.That(Line(Write("a.root", "")), Does.Contain(".parquet"));
    }

    [Test]
    public void BrokenBloscEndsInOneLine()
    {
        byte[] whole = File.ReadAllBytes(Data("many.h5"));
        GpuRnn.Data.SplitMix random = new(1);
        int told = 0;
        for (int trial = 0; trial < 30; trial++)
        {
            byte[] broken = [.. whole];
            for (int i = 0; i < 20; i++) broken[4096 + random.Below(broken.Length - 4096)] ^= (byte)(1 + random.Below(255));
            string path = Path.Combine(folder, "broken.h5");
            File.WriteAllBytes(path, broken);
            try
            {
                Read(path);
            }
            catch (GpuRnnException e)
            {
                AssertLine(e.Message, path);
                told++;
            }
        }
        Assert.That(told, Is.GreaterThan(15));
    }

    [Test]
    public void PickledNamesOfEveryProtocol()
    {
        Assert.That(PickledNames.Read("(lp0\nVa\np1\naVb c\np2\na."u8), Is.EqualTo(new[] { "a", "b c" }));
        Assert.That(PickledNames.Read("(lp1\nS'a'\np2\naS'b'\na."u8), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(
            PickledNames.Read(
            [
                0x80, 2, (byte)']', (byte)'q', 0, (byte)'(', (byte)'X',
                1, 0, 0, 0, (byte)'a', (byte)'q', 1, (byte)'X',
                2, 0, 0, 0, (byte)'b', (byte)'c', (byte)'e', (byte)'.'
            ]),
            Is.EqualTo(new[] { "a", "bc" }));
        Assert.That(
            PickledNames.Read(
            [
                0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0,
                (byte)']', 0x94, (byte)'(', 0x8c, 1, (byte)'a', 0x94, (byte)'e', (byte)'.'
            ]),
            Is.EqualTo(new[] { "a" }));
        // something to run, a length beyond the end, and no end
        Assert.That(PickledNames.Read("cos\nsystem\n(S'ls'\ntR."u8), Is.Null);
        Assert.That(PickledNames.Read([(byte)'X', 255, 255, 255, 127, (byte)'a']), Is.Null);
        Assert.That(PickledNames.Read("(lp0\nVa\n"u8), Is.Null);
    }
}

namespace GpuRnn.Tests.Ptx;

/// <summary>Matrices that a warp holds, against plain loops.</summary>
public class MatrixTests
{
    static readonly Random s_random = new(5);

    /// <summary>A register for each lane from the array, 32 words a register; the product's sums behind them.</summary>
    static float[] Product(string kind, uint[][] registers)
    {
        string loads = string.Concat(registers.Select((_, r) => $"ld.global.b32 %r{r + 2}, [%rd2+{128 * r}]; "));
        int a = kind.Contains("tf32", StringComparison.Ordinal) || kind.Contains("k16", StringComparison.Ordinal) ? 4 : 2;
        string left = string.Join(", ", Enumerable.Range(2, a).Select(r => $"%r{r}"));
        string right = string.Join(", ", Enumerable.Range(2 + a, registers.Length - a).Select(r => $"%r{r}"));
        int size = registers.Length * 32;
        string stores = string.Concat(Enumerable.Range(0, 4).Select(i => $"st.global.f32 [%rd2+{4 * size + 128 * i}], %f{i}; "));
        uint[] words = Snippet.Run(
            $"{loads} mov.f32 %f0, 1.0; mov.f32 %f1, 1.0; mov.f32 %f2, 1.0; mov.f32 %f3, 1.0; "
            + $"mma.sync.aligned.{kind} {{%f0, %f1, %f2, %f3}}, {{{left}}}, {{{right}}}, {{%f0, %f1, %f2, %f3}}; {stores}",
            words: size + 128, first: [.. registers.SelectMany(r => r)]);
        return [.. words[size..].Select(BitConverter.UInt32BitsToSingle)];
    }

    [TestCase("m16n8k16.row.col.f32.f16.f16.f32", 16), TestCase("m16n8k16.row.col.f32.bf16.bf16.f32", 16)]
    [TestCase("m16n8k8.row.col.f32.f16.f16.f32", 8), TestCase("m16n8k8.row.col.f32.tf32.tf32.f32", 8)]
    public void Products(string kind, int k)
    {
        // halves and floats of these sizes are exact in all kinds
        float[,] a = new float[16, k], b = new float[k, 8];
        for (int i = 0; i < k; i++)
        {
            for (int row = 0; row < 16; row++) a[row, i] = s_random.Next(-8, 9) / 8f;
            for (int column = 0; column < 8; column++) b[i, column] = s_random.Next(-8, 9) / 4f;
        }
        bool tf32 = kind.Contains("tf32", StringComparison.Ordinal), brain = kind.Contains("bf16", StringComparison.Ordinal);
        uint Bits(float v) => tf32 ? BitConverter.SingleToUInt32Bits(v) : brain ? BitConverter.SingleToUInt32Bits(v) >> 16
            : BitConverter.HalfToUInt16Bits((Half)v);
        // PTX ISA: where each lane's registers lie, written out and not taken from the machine
        uint[] Register(Func<int, int, float> at) => [.. Enumerable.Range(0, 32).Select(lane =>
            tf32 ? Bits(at(lane, 0)) : Bits(at(lane, 0)) | Bits(at(lane, 1)) << 16)];
        List<uint[]> registers = [];
        int each = tf32 ? 1 : 2;
        for (int r = 0; r < k / (4 * each) * 2; r++)
            registers.Add(Register((lane, e) => a[lane / 4 + 8 * (r % 2), each * (lane % 4) + e + 4 * each * (r / 2)]));
        for (int r = 0; r < k / (4 * each); r++)
            registers.Add(Register((lane, e) => b[each * (lane % 4) + e + 4 * each * r, lane / 4]));
        float[] sums = Product(kind, [.. registers]);
        for (int i = 0; i < 4; i++)
            for (int lane = 0; lane < 32; lane++)
            {
                int row = lane / 4 + 8 * (i / 2), column = 2 * (lane % 4) + i % 2;
                Assert.That(sums[32 * i + lane], Is.EqualTo(1 + Enumerable.Range(0, k).Sum(j => a[row, j] * b[j, column])));
            }
    }

    /// <summary>What does not fit a float is cut, not rounded, as tensor cores do.</summary>
    [Test]
    public void SumsAreCut()
    {
        uint[] zero = new uint[32], one = [.. Enumerable.Repeat(0x3C00u, 32)]; // the lower half is 1
        uint[] tiny = [.. Enumerable.Repeat(0x0FFFu, 32)]; // a little less than 2^-11, four times in a sum
        float[] sums = Product("m16n8k8.row.col.f32.f16.f16.f32", [one, zero, tiny]);
        double exact = 1 + 4 * (double)BitConverter.UInt16BitsToHalf(0x0FFF);
        Assert.That((double)sums[0], Is.LessThanOrEqualTo(exact).And.GreaterThan(exact - 1.2e-7));
    }

    [TestCase("x1", ""), TestCase("x2", ""), TestCase("x4", ""), TestCase("x4", ".trans")]
    public void LoadsOfMatrices(string count, string transposed)
    {
        int matrices = count[1] - '0';
        string to = string.Join(", ", Enumerable.Range(2, matrices).Select(r => $"%r{r}"));
        string stores = string.Concat(Enumerable.Range(0, matrices).Select(m => $"st.global.b32 [%rd2+{128 * m}], %r{m + 2}; "));
        // the memory holds halves with the numbers 0 to 255: matrix m, row i, column j is 64 m + 8 i + j
        uint[] words = Snippet.Run($"""
            mov.b64 %rd4, s; cvt.u32.u64 %r10, %rd4; shl.b32 %r11, %r1, 4; add.s32 %r11, %r11, %r10; mov.b32 %r12, 0;
            shl.b32 %r13, %r1, 3; fill: add.s32 %r14, %r13, %r12; cvt.u16.u32 %rs1, %r14; shl.b32 %r15, %r12, 1; add.s32 %r15, %r15, %r11;
            st.shared.b16 [%r15], %rs1; add.s32 %r12, %r12, 1; setp.lt.s32 %p1, %r12, 8; @%p1 bra fill; bar.sync 0;
            ldmatrix.sync.aligned.m8n8.{count}{transposed}.shared.b16 {"{" + to + "}"}, [%r11]; {stores}
            """, words: 128, shared: ".shared .align 16 .b8 s[512];");
        for (int m = 0; m < matrices; m++)
            for (int lane = 0; lane < 32; lane++)
            {
                int row = lane / 4, column = 2 * (lane % 4);
                uint first = (uint)(64 * m + (transposed.Length > 0 ? 8 * column + row : 8 * row + column));
                uint second = first + (transposed.Length > 0 ? 8u : 1u);
                Assert.That(words[32 * m + lane], Is.EqualTo(first | second << 16));
            }
    }

    [Test]
    public void AMatrixIsTransposed()
    {
        uint[] words = Snippet.Run(
            "ld.global.b32 %r2, [%rd2]; movmatrix.sync.aligned.m8n8.trans.b16 %r3, %r2; st.global.b32 [%rd2], %r3;",
            first: [.. Enumerable.Range(0, 32).Select(lane => (uint)(2 * lane | (2 * lane + 1) << 16))]);
        for (int lane = 0; lane < 32; lane++)
        {
            int row = lane / 4, column = 2 * (lane % 4);
            Assert.That(words[lane], Is.EqualTo((uint)(8 * column + row | (8 * (column + 1) + row) << 16)));
        }
    }

    [TestCase("shfl.sync.bfly.b32 %r3, %r1, 5, 31, -1;", 5)]
    [TestCase("shfl.sync.down.b32 %r3, %r1, 3, 31, -1;", 3)]
    [TestCase("shfl.sync.up.b32 %r3, %r1, 3, 0, -1;", -3)]
    [TestCase("shfl.sync.idx.b32 %r3, %r1, 9, 31, -1;", 9)]
    public void Shuffles(string body, int by)
    {
        uint[] words = Snippet.Run($"{body} st.global.b32 [%rd2], %r3;");
        for (int lane = 0; lane < 32; lane++)
        {
            int from = body.Contains("bfly", StringComparison.Ordinal) ? lane ^ by
                : body.Contains("idx", StringComparison.Ordinal) ? by : lane + by;
            Assert.That(words[lane], Is.EqualTo((uint)(from is < 0 or > 31 ? lane : from)));
        }
    }

    [Test]
    public void Votes()
    {
        uint[] words = Snippet.Run("""
            setp.lt.s32 %p1, %r1, 3; vote.sync.ballot.b32 %r3, %p1, -1; vote.sync.any.pred %p2, %p1, -1; vote.sync.all.pred %p3, %p1, -1;
            selp.b32 %r4, 100, 0, %p2; selp.b32 %r5, 1000, 0, %p3; add.s32 %r3, %r3, %r4; add.s32 %r3, %r3, %r5; st.global.b32 [%rd2], %r3;
            """);
        Assert.That(words[..32], Is.All.EqualTo(107));
    }
}

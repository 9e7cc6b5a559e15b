using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Memory;
using GpuRnn.Ptx.Engine;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using ILGPU;

namespace GpuRnn.Tests.Ptx;

/// <summary>What a kernel may not do is found, and what it may do is let be, whatever the order of its threads.</summary>
public class FaultTests
{
    const string Shared = ".shared .align 4 .b8 s[256];";
    /// <summary>Every thread writes its word of shared memory and reads its neighbour's.</summary>
    const string Write = "mov.b64 %rd4, s; mul.wide.u32 %rd5, %r1, 4; add.u64 %rd5, %rd5, %rd4; st.shared.b32 [%rd5], %r1; ";
    const string Read = "xor.b32 %r2, %r1, 1; mul.wide.u32 %rd6, %r2, 4; add.u64 %rd6, %rd6, %rd4; ld.shared.b32 %r3, [%rd6]; "
        + "st.global.b32 [%rd2], %r3; ";

    static void Finds(PtxFault kind, string body, int threads = 64, int blocks = 1, string shared = "", string words = "")
    {
        // not one order in twenty may hide it
        for (int seed = 0; seed < 20; seed++)
            Assert.That(() => Snippet.Run(body, threads, blocks, seed: seed, shared: shared),
                Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(kind).And.Message.Contains(words), $"seed {seed}");
    }

    [Test]
    public void ABarrierOrdersSharedMemory()
    {
        for (int seed = 0; seed < 20; seed++)
            Assert.That(Snippet.Run($"{Write} bar.sync 0; {Read}", 64, seed: seed, shared: Shared),
                Is.EqualTo(Enumerable.Range(0, 64).Select(i => (uint)i ^ 1)));
    }

    [Test]
    public void WithoutABarrierItIsARace() => Finds(PtxFault.Race,
        "mov.b64 %rd4, s; mul.wide.u32 %rd5, %r1, 4; add.u64 %rd5, %rd5, %rd4; st.shared.b32 [%rd5], 0; bar.sync 0; "
        + "st.shared.b32 [%rd5], %r1; " + Read, shared: Shared, words: "at snippet, line 12");

    [Test]
    public void WhatIsReadBeforeMayNotBeOverwrittenAtOnce() => Finds(PtxFault.Race, $"{Write} bar.sync 0; {Read} st.shared.b32 [%rd5], 5;",
        shared: Shared, words: "reads");

    [Test]
    public void TwoBlocksAtOneWordAreARace() => Finds(PtxFault.Race, "st.global.b32 [%rd2], %r1;", blocks: 2, words: "of block 0");

    [Test]
    public void TwoThreadsAtOneWordAreARace() => Finds(PtxFault.Race, "st.global.b32 [%rd1], 1;");

    /// <summary>A barrier is the block's: it orders nothing for another.</summary>
    [Test]
    public void ABarrierOrdersNothingBetweenBlocks() => Finds(PtxFault.Race, """
        mov.b32 %r2, %ctaid.x; setp.eq.s32 %p1, %r2, 0; @%p1 st.global.b32 [%rd2], %r1; bar.sync 0;
        @!%p1 ld.global.b32 %r3, [%rd2];
        """, blocks: 2);

    [Test]
    public void ManyMayRead() =>
        Assert.That(Snippet.Run("ld.global.b32 %r3, [%rd1+128]; bar.sync 0; setp.lt.s32 %p1, %r1, 16; @%p1 st.global.b32 [%rd2], %r3;",
            64, first: [.. Enumerable.Repeat(7u, 64)])[..16], Is.All.EqualTo(7));

    [Test]
    public void BytesSideBySideAreNoRace()
    {
        uint[] words = Snippet.Run("cvt.u64.u32 %rd3, %r1; add.u64 %rd3, %rd3, %rd1; st.global.b8 [%rd3], %r1;", 32);
        Assert.That(words[..2], Is.EqualTo(new[] { 0x03020100u, 0x07060504u }));
    }

    [TestCase("st.global.b32 [%rd1+256], 1;"), TestCase("ld.global.b32 %r2, [%rd1-4];")]
    [TestCase("mov.b64 %rd3, 0; ld.global.b32 %r2, [%rd3];")]
    [TestCase("mov.b64 %rd4, s; ld.shared.b32 %r2, [%rd4+256];"), TestCase("mov.b64 %rd4, s; st.shared.b32 [%rd4-4], 1;")]
    public void BeyondTheEnd(string body) => Finds(PtxFault.Bounds, body, shared: Shared);

    [TestCase("st.global.b32 [%rd1+2], 1;"), TestCase("ld.global.v2.b32 {%r2, %r3}, [%rd1+4];"), TestCase("ld.global.b64 %rd3, [%rd1+12];")]
    public void WhereItMayNotStand(string body) => Finds(PtxFault.Alignment, body);

    [TestCase("st.global.b32 [%rd2], %r7;"), TestCase("@%p7 mov.b32 %r2, 1;"), TestCase("mov.b64 %rd4, s; ld.shared.b32 %r2, [%rd4];")]
    [TestCase("setp.lt.s32 %p1, %r1, 5; @%p1 mov.b32 %r2, 1; st.global.b32 [%rd2], %r2;")]
    [TestCase("mov.b64 %rd4, s; setp.ne.s32 %p1, %r1, 0; @%p1 ret; mov.b16 %rs1, 1; st.shared.b16 [%rd4], %rs1; ld.shared.b32 %r2, [%rd4];",
        TestName = "{m}: half of what is read")]
    public void WhatNothingWrote(string body) => Finds(PtxFault.Unwritten, body, threads: 32, shared: Shared);

    [Test]
    public void ABranchThatIsNotUniform() =>
        Finds(PtxFault.Divergence, "setp.lt.s32 %p1, %r1, 5; @%p1 bra.uni over; st.global.b32 [%rd2], 1; over:", words: "marked uniform");

    [Test]
    public void BarriersOfWarpsMayDiffer() => Assert.That(
        Snippet.Run("setp.lt.s32 %p1, %r1, 32; @%p1 bra over; bar.sync 0; bra end; over: bar.sync 0; end: st.global.b32 [%rd2], 1;", 64),
        Is.All.EqualTo(1));

    [Test]
    public void NotAllLanesAtABarrier() =>
        Finds(PtxFault.Divergence, "setp.lt.s32 %p1, %r1, 5; @%p1 bra over; bar.sync 0; over: bar.sync 0;", words: "for all lanes");

    [Test]
    public void NotAllWarpsAtABarrier() =>
        Finds(PtxFault.Deadlock, "setp.lt.s32 %p1, %r1, 32; @%p1 bra over; bar.sync 1; over: bar.sync 0;", words: "everybody waits");

    [Test]
    public void AWarpMayLeaveBeforeABarrier() =>
        Assert.That(() => Snippet.Run("setp.lt.s32 %p1, %r1, 32; @%p1 ret; bar.sync 0;", 64), Throws.Nothing);

    [Test]
    public void BarriersOfSomeWarps()
    {
        // 0 and 1 meet at barrier 1, 2 and 3 at barrier 2
        string body = "shr.u32 %r4, %r1, 6; add.u32 %r4, %r4, 1; " + Write + "bar.sync %r4, 64; xor.b32 %r2, %r1, 32; "
            + "mul.wide.u32 %rd6, %r2, 4; add.u64 %rd6, %rd6, %rd4; ld.shared.b32 %r3, [%rd6]; st.global.b32 [%rd2], %r3;";
        Assert.That(Snippet.Run(body, 128, words: 128, shared: ".shared .align 4 .b8 s[512];"),
            Is.EqualTo(Enumerable.Range(0, 128).Select(i => (uint)i ^ 32)));
    }

    [Test]
    public void WhatNeverEnds() => Finds(PtxFault.Endless, "again: bra again;", threads: 32);

    [TestCase(0), TestCase(1), TestCase(2), TestCase(3), TestCase(7)]
    public void PartedWarpsComeTogetherAgain(int seed)
    {
        // each lane goes round a loop as often as its number says
        uint[] words = Snippet.Run("""
            mov.b32 %r2, 0; again: setp.ge.s32 %p1, %r2, %r1; @%p1 bra over; add.s32 %r2, %r2, 1; bra again;
            over: bar.sync 0; st.global.b32 [%rd2], %r2;
            """, 64, seed: seed);
        Assert.That(words, Is.EqualTo(Enumerable.Range(0, 64).Select(i => (uint)i)));
    }

    [Test]
    public void ALaunchThatCannotBe() => Assert.That(() => Snippet.Run("", threads: 1025),
        Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(PtxFault.Launch));

    /// <summary>What an engine's own memory holds before a kernel writes it stops whoever reads it; what must be zero is.</summary>
    [Test]
    public void MemoryThatNothingWrote()
    {
        using PtxGpu gpu = new();
        using DeviceArray<uint> nothing = new(gpu.Device, 5, Contents.Nothing), zeros = new(gpu.Device, 5);
        uint[] got = new uint[5];
        gpu.Device.Download(nothing.View, got);
        Assert.That(got, Is.All.EqualTo(GlobalMemory.Unwritten));
        gpu.Device.Download(zeros.View, got);
        Assert.That(got, Is.All.Zero);
        DeviceKernel<FromTo> copy = gpu.Device.Backend.Kernel<FromTo>(Copy);
        copy.Launch(new(1, 5), new() { From = zeros.Buffer, To = zeros.Buffer });
        PtxFaultException? fault = Assert.Throws<PtxFaultException>(
            () => copy.Launch(new(1, 5), new() { From = nothing.Buffer, To = zeros.Buffer }));
        Assert.That(fault!.Kind, Is.EqualTo(PtxFault.Unwritten));
    }

    struct FromTo
    {
        public Buffer<uint> From, To;
    }

    static void Copy(FromTo a) => a.To[Group.IdxX] = a.From[Group.IdxX];
}

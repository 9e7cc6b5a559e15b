using GpuRnn.Ptx.Machine;

namespace GpuRnn.Tests.Ptx;

/// <summary>What blocks see of each other's memory: as much as their fences say, and under some seed no more.</summary>
public class OrderTests
{
    /// <summary>Block 0 does one thing, block 1 another, one thread of each; word 0 is data, word 32 a flag, word 40 the result.</summary>
    static string Two(string first, string second) => $"""
        mov.b32 %r9, %ctaid.x; setp.ne.s32 %p9, %r9, 0; setp.ne.s32 %p8, %r1, 0; @%p8 ret; @%p9 bra second; {first} ret; second: {second}
        """;

    static string Spin(string load) => $"again: ld.{load}.gpu.global.b32 %r3, [%rd1+128]; setp.eq.s32 %p1, %r3, 0; @%p1 bra again;";

    static IEnumerable<uint> Results(string body, int seeds = 200) =>
        Enumerable.Range(0, seeds).Select(seed => Snippet.Run(body, 32, blocks: 2, seed: seed)[40]);

    [TestCase("st.global.b32 [%rd1], 7; st.release.gpu.global.b32 [%rd1+128], 1;", "acquire", "ld.global.b32 %r4, [%rd1];")]
    [TestCase("st.global.b32 [%rd1], 7; fence.acq_rel.gpu; st.relaxed.gpu.global.b32 [%rd1+128], 1;", "relaxed",
        "fence.acq_rel.gpu; ld.global.b32 %r4, [%rd1];")]
    [TestCase("st.relaxed.gpu.global.b32 [%rd1], 7; membar.gl; st.relaxed.gpu.global.b32 [%rd1+128], 1;", "relaxed",
        "membar.gl; ld.relaxed.gpu.global.b32 %r4, [%rd1];")]
    [TestCase("st.global.b32 [%rd1], 7; red.release.gpu.global.add.u32 [%rd1+128], 1;", "acquire", "ld.global.b32 %r4, [%rd1];")]
    public void WhatIsReleasedIsAcquired(string store, string load, string read) => Assert.That(
        Results(Two(store, $"{Spin(load)} {read} st.global.b32 [%rd1+160], %r4;")), Is.All.EqualTo(7));

    [TestCase("st.global.b32 [%rd1], 7; st.relaxed.gpu.global.b32 [%rd1+128], 1;", "acquire", "ld.global.b32 %r4, [%rd1];")]
    [TestCase("st.global.b32 [%rd1], 7; st.release.gpu.global.b32 [%rd1+128], 1;", "relaxed", "ld.global.b32 %r4, [%rd1];")]
    [TestCase("st.release.gpu.global.b32 [%rd1+128], 1; st.global.b32 [%rd1], 7;", "acquire", "ld.global.b32 %r4, [%rd1];")]
    public void HalfOfItIsARace(string store, string load, string read)
    {
        string body = Two(store, $"{Spin(load)} {read} st.global.b32 [%rd1+160], %r4;");
        for (int seed = 0; seed < 20; seed++)
            Assert.That(() => Snippet.Run(body, 32, blocks: 2, seed: seed),
                Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(PtxFault.Race), $"seed {seed}");
    }

    /// <summary>Stores overtake each other, and so do loads: some order shows the old number behind the new flag.</summary>
    [TestCase("", "membar.gl;"), TestCase("membar.gl;", "")]
    public void WithoutAFenceOldNumbersAreSeen(string storing, string loading) => Assert.That(
        Results(Two($"st.relaxed.gpu.global.b32 [%rd1], 7; {storing} st.relaxed.gpu.global.b32 [%rd1+128], 1;", $"""
            ld.relaxed.gpu.global.b32 %r4, [%rd1]; {Spin("relaxed")} {loading} ld.relaxed.gpu.global.b32 %r4, [%rd1];
            st.global.b32 [%rd1+160], %r4;
            """)).Distinct(), Is.EquivalentTo(new[] { 0u, 7u }));

    /// <summary>Numbers that are their own flags need none.</summary>
    [Test]
    public void DataAsFlags() => Assert.That(Results(Two("st.relaxed.gpu.global.b32 [%rd1+128], 7;",
        $"{Spin("relaxed")} st.global.b32 [%rd1+160], %r3;")), Is.All.EqualTo(7));

    /// <summary>One word never goes back.</summary>
    [Test]
    public void AWordIsSeenInItsOrder() => Assert.That(Results(Two(
        "st.relaxed.gpu.global.b32 [%rd1], 1; st.relaxed.gpu.global.b32 [%rd1], 2; st.relaxed.gpu.global.b32 [%rd1], 3;", """
        ld.relaxed.gpu.global.b32 %r3, [%rd1]; ld.relaxed.gpu.global.b32 %r4, [%rd1]; setp.gt.u32 %p1, %r3, %r4; selp.b32 %r5, 99, 5, %p1;
        st.global.b32 [%rd1+160], %r5;
        """)), Is.All.EqualTo(5));

    /// <summary>All threads of a block write, meet, and one of them speaks for all: with a fence.</summary>
    [TestCase("fence.acq_rel.gpu;", true), TestCase("", false)]
    public void OneSpeaksForABlock(string fence, bool right)
    {
        string body = $"""
            mov.b32 %r9, %ctaid.x; setp.ne.s32 %p9, %r9, 0; @%p9 bra second; st.global.b32 [%rd2], %r1; bar.sync 0;
            setp.ne.s32 %p8, %r1, 0; @%p8 ret; {fence} st.relaxed.gpu.global.b32 [%rd1+128], 1; ret;
            second: setp.ne.s32 %p8, %r1, 0; @%p8 bra read; {Spin("acquire")} read: bar.sync 0; setp.ge.s32 %p7, %r1, 32; @%p7 ret;
            ld.global.b32 %r4, [%rd2]; st.global.b32 [%rd2+160], %r4;
            """;
        for (int seed = 0; seed < 20; seed++)
            if (right) Assert.That(Snippet.Run(body, 32, blocks: 2, words: 80, seed: seed)[40..72],
                Is.EqualTo(Enumerable.Range(0, 32).Select(i => (uint)i)), $"seed {seed}");
            else Assert.That(() => Snippet.Run(body, 32, blocks: 2, words: 80, seed: seed),
                Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(PtxFault.Race), $"seed {seed}");
    }

    [Test]
    public void NothingIsLostOfAtomics() => Assert.That(
        Snippet.Run("""
            red.global.add.u32 [%rd1], 1; atom.global.inc.u32 %r3, [%rd1+4], 1000; atom.global.max.u32 %r4, [%rd1+8], %r1;
            """, 64, 5)[..3],
        Is.EqualTo(new uint[] { 320, 320, 63 }));

    /// <summary>A lock by compare and swap; what it guards is read and written plainly.</summary>
    [Test]
    public void ALock() => Assert.That(Enumerable.Range(0, 20).Select(seed => Snippet.Run("""
        setp.ne.s32 %p8, %r1, 0; @%p8 ret;
        take: atom.acquire.gpu.global.cas.b32 %r3, [%rd1+128], 0, 1; setp.ne.s32 %p1, %r3, 0; @%p1 bra take;
        ld.global.b32 %r4, [%rd1]; add.s32 %r4, %r4, 1; st.global.b32 [%rd1], %r4;
        atom.release.gpu.global.exch.b32 %r3, [%rd1+128], 0;
        """, 32, blocks: 6, seed: seed)[0]), Is.All.EqualTo(6));

    /// <summary>Blocks that wait for one that has no room to run.</summary>
    [Test]
    public void WhoWaitsForABlockThatCannotRunWaitsForEver()
    {
        string body = Two(Spin("acquire"), "st.release.gpu.global.b32 [%rd1+128], 1;");
        Assert.That(Enumerable.Range(0, 10).Count(seed =>
        {
            try
            {
                Snippet.Run(body, 32, blocks: 2, resident: 1, seed: seed, most: 100_000);
                return false;
            }
            catch (PtxFaultException e)
            {
                return e.Kind == PtxFault.Endless;
            }
        }), Is.InRange(1, 9));
    }
}

using GpuRnn.Ptx.Machine;

namespace GpuRnn.Tests.Ptx;

/// <summary>Blocks of a cluster, messages between them, and copies that go on beside a thread.</summary>
public class ClusterTests
{
    /// <summary>
    /// Each of two blocks sends its 32 threads' numbers to the other, 4 bytes a thread, and reads what came once the mbarrier has all of
    /// it.
    /// </summary>
    static string Exchange(int bytes = 128, int parity = 0,
        string wait = "again: mbarrier.try_wait.parity.shared.b64 %p1, [%r10], {0}; @!%p1 bra again;") => $"""
        mov.b64 %rd4, s; cvt.u32.u64 %r10, %rd4; mov.b32 %r9, %cluster_ctarank; xor.b32 %r8, %r9, 1;
        setp.ne.s32 %p2, %r1, 0; @%p2 bra made; mbarrier.init.shared.b64 [%r10], 1;
        mbarrier.arrive.expect_tx.shared.b64 _, [%r10], {bytes}; made:
        barrier.cluster.arrive.release; barrier.cluster.wait.acquire;
        shl.b32 %r7, %r1, 2; add.s32 %r7, %r7, %r10; add.s32 %r7, %r7, 16; mapa.shared::cluster.u32 %r6, %r7, %r8;
        mapa.shared::cluster.u32 %r5, %r10, %r8; mad.lo.u32 %r4, %r9, 100, %r1;
        st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.b32 [%r6], %r4, [%r5];
        {string.Format(System.Globalization.CultureInfo.InvariantCulture, wait, parity)}
        ld.shared.b32 %r3, [%r7]; mad.lo.u32 %r11, %r9, 128, 0; cvt.u64.u32 %rd5, %r11; add.u64 %rd5, %rd5, %rd2; st.global.b32 [%rd5], %r3;
        """;

    static uint[] Run(string body, int seed) =>
        Snippet.Run(body, 32, 2, words: 64, seed: seed, shared: ".shared .align 16 .b8 s[256];", cluster: 2, most: 300_000);

    static PtxFault? Fault(string body, int seed)
    {
        try
        {
            Run(body, seed);
            return null;
        }
        catch (PtxFaultException e)
        {
            return e.Kind;
        }
    }

    [Test]
    public void NumbersComeAcross()
    {
        for (int seed = 0; seed < 20; seed++)
            Assert.That(Run(Exchange(), seed), Is.EqualTo(Enumerable.Range(0, 64).Select(i => i < 32 ? 100u + (uint)i : (uint)i - 32)));
    }

    static IEnumerable<string> Wrong() =>
        [Exchange(bytes: 144), Exchange(bytes: 112), Exchange(parity: 1), Exchange(wait: "")];

    /// <summary>
    /// Bytes miscounted, the other phase, no waiting: each is seen, whatever the order.
    /// </summary>
    [TestCaseSource(nameof(Wrong))]
    public void WhatIsWrongIsSeen(string body) =>
        Assert.That(Enumerable.Range(0, 8).Select(seed => Fault(body, seed)), Has.None.Null);

    [Test]
    public void AddressesOfOthersMustBeThere() => Assert.That(Enumerable.Range(0, 5).Select(seed => Fault(
        "mov.b64 %rd4, s; cvt.u32.u64 %r10, %rd4; mapa.shared::cluster.u32 %r6, %r10, 2;", seed)), Is.All.EqualTo(PtxFault.Bounds));

    [Test]
    public void SharedMemoryOfAnotherBlock()
    {
        const string Body = """
            mov.b64 %rd4, s; cvt.u32.u64 %r10, %rd4; mov.b32 %r9, %cluster_ctarank; xor.b32 %r8, %r9, 1; shl.b32 %r7, %r1, 2;
            add.s32 %r7, %r7, %r10; mad.lo.u32 %r4, %r9, 100, %r1; st.shared.b32 [%r7], %r4; {0}
            mapa.shared::cluster.u32 %r6, %r7, %r8; ld.shared::cluster.b32 %r3, [%r6]; mad.lo.u32 %r11, %r9, 128, 0; cvt.u64.u32 %rd5, %r11;
            add.u64 %rd5, %rd5, %rd2; st.global.b32 [%rd5], %r3; barrier.cluster.arrive.release; barrier.cluster.wait.acquire;
            """;
        for (int seed = 0; seed < 20; seed++)
        {
            string right = Body.Replace("{0}", "barrier.cluster.arrive.release; barrier.cluster.wait.acquire;", StringComparison.Ordinal);
            Assert.That(Run(right, seed)[..32], Is.EqualTo(Enumerable.Range(100, 32).Select(i => (uint)i)));
            Assert.That(Fault(Body.Replace("{0}", "bar.sync 0;", StringComparison.Ordinal), seed),
                Is.EqualTo(PtxFault.Race).Or.EqualTo(PtxFault.Unwritten));
        }
    }

    const string Copy = """
        mov.b64 %rd4, s; cvt.u32.u64 %r10, %rd4; shl.b32 %r7, %r1, 2; add.s32 %r7, %r7, %r10;
        cp.async.ca.shared.global [%r7], [%rd2], 4; cp.async.commit_group; {0} xor.b32 %r5, %r1, 1; shl.b32 %r5, %r5, 2;
        add.s32 %r5, %r5, %r10; ld.shared.b32 %r3, [%r5]; st.global.b32 [%rd2+128], %r3;
        """;

    [TestCase("cp.async.wait_group 0; bar.sync 0;", null), TestCase("cp.async.wait_all; bar.sync 0;", null)]
    [TestCase("bar.sync 0;", PtxFault.Unwritten), TestCase("cp.async.wait_group 1; bar.sync 0;", PtxFault.Unwritten)]
    [TestCase("cp.async.wait_group 0;", PtxFault.Race)]
    public void CopiesArriveWhereTheyAreWaitedFor(string wait, PtxFault? fault)
    {
        string body = Copy.Replace("{0}", wait, StringComparison.Ordinal);
        for (int seed = 0; seed < 20; seed++)
        {
            uint[] first = [.. Enumerable.Range(0, 64).Select(i => (uint)i + 5)];
            Func<uint[]> run = () => Snippet.Run(body, 32, seed: seed, shared: ".shared .align 16 .b8 s[256];", first: first);
            if (fault is null) Assert.That(run()[32..], Is.EqualTo(Enumerable.Range(0, 32).Select(i => ((uint)i ^ 1) + 5)));
            else Assert.That(() => run(), Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(fault));
        }
    }
}

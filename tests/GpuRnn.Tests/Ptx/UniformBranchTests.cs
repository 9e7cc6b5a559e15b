using GpuRnn.Ptx.Text;

namespace GpuRnn.Tests.Ptx;

/// <summary>Marks of branches that may be wrong, by reading alone.</summary>
public class UniformBranchTests
{
    static int[] Wrong(string body) => [.. UniformBranches.Wrong(Snippet.Text(body, ".shared .align 4 .b8 s[256];"))];

    [TestCase("setp.lt.s32 %p1, %r1, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")] // the thread's number
    [TestCase("ld.global.b32 %r2, [%rd2]; setp.lt.s32 %p1, %r2, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")] // memory at its own address
    [TestCase("{ .reg .b32 own_1; mov.b32 own_1, %laneid; setp.lt.s32 %p1, own_1, 5; } @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("again: ld.relaxed.gpu.global.b32 %r2, [%rd1]; setp.eq.s32 %p1, %r2, 0; @%p1 bra.uni again;")] // what others change
    [TestCase("ld.global.v2.b32 {%r2, %r3}, [%rd2]; setp.lt.s32 %p1, %r3, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("setp.eq.s32 %p2|%p1, %r1, 0; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("""
        mov.b32 %r2, 1; setp.lt.s32 %p2, %r1, 5; @%p2 mov.b32 %r2, 2; setp.eq.s32 %p1, %r2, 1;
        @%p1 bra.uni over; mov.b32 %r9, 1; over:
        """)]
    [TestCase("""
        mov.b32 %r2, 1; setp.lt.s32 %p2, %r1, 5; @%p2 bra one; mov.b32 %r2, 2; one: setp.eq.s32 %p1, %r2, 1;
        @%p1 bra.uni over; mov.b32 %r9, 1; over:
        """)] // ways that have met
    public void AreFound(string body) => Assert.That(Wrong(body), Has.Length.EqualTo(1));

    [TestCase("mov.b32 %r2, %ctaid.x; setp.lt.s32 %p1, %r2, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("ld.global.b32 %r2, [%rd1]; setp.lt.s32 %p1, %r2, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("setp.lt.s32 %p1, %r1, 5; vote.sync.any.pred %p2, %p1, -1; setp.lt.s32 %p1, 1, 2; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    [TestCase("setp.lt.s32 %p1, %r1, 5; @%p1 bra over; mov.b32 %r9, 1; over:")] // not marked
    [TestCase("mov.b32 %r2, %tid.x; mov.b32 %r2, 3; setp.lt.s32 %p1, %r2, 5; @%p1 bra.uni over; mov.b32 %r9, 1; over:")]
    public void RightOnesAreLetBe(string body) => Assert.That(Wrong(body), Is.Empty);
}

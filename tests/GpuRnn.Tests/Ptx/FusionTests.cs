using GpuRnn.Ptx.Text;

namespace GpuRnn.Tests.Ptx;

/// <summary>Products and sums that become one operation, and those that may not.</summary>
public class FusionTests
{
    static int Fused(string body) => Fusion.Of(PtxText.Parse(Snippet.Text(body, ""))).Count(s => s.Words[0] == "fma");

    [TestCase("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f1, %f5;", 1)]
    [TestCase("mul.f64 %fd1, %fd2, %fd3; mov.b32 %r2, 1; add.f64 %fd4, %fd5, %fd1;", 1)]
    [TestCase("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f1, %f5; st.global.f32 [%rd2], %f1;", 0)] // wanted elsewhere
    [TestCase("mul.f32 %f1, %f2, %f3; mov.f32 %f2, 0f00000000; add.f32 %f4, %f1, %f5;", 0)] // its factor is gone
    [TestCase("mul.f32 %f1, %f2, %f3; over: add.f32 %f4, %f1, %f5;", 0)] // others come by
    [TestCase("mul.rn.f32 %f1, %f2, %f3; add.f32 %f4, %f1, %f5;", 0), TestCase("mul.f32 %f1, %f2, %f3; add.rn.f32 %f4, %f1, %f5;", 0)]
    [TestCase("setp.lt.s32 %p1, %r1, 1; mul.f32 %f1, %f2, %f3; @%p1 add.f32 %f4, %f1, %f5;", 0)]
    [TestCase("mul.f32 %f1, %f2, %f3; add.f32 %f4, %f1, %f1;", 0)]
    public void WhatIsFused(string body, int count) => Assert.That(Fused(body), Is.EqualTo(count));
}

using GpuRnn.Ptx.Machine;

namespace GpuRnn.Tests.Ptx;

/// <summary>What instructions compute.</summary>
public class InstructionTests
{
    /// <summary>A result in %r31, %rd31, %f31 or %fd31.</summary>
    static ulong Of(string type, string body)
    {
        string register = type switch { "f32" => "%f31", "f64" => "%fd31", "b64" => "%rd31", _ => "%r31" };
        bool wide = type is "f64" or "b64";
        uint[] words = Snippet.Run($"{body} shl.b64 %rd3, %rd2, 0; mul.wide.u32 %rd3, %r1, 8; add.u64 %rd3, %rd3, %rd1; "
            + $"st.global.{type} [{(wide ? "%rd3" : "%rd2")}], {register};");
        return wide ? words[2] | (ulong)words[3] << 32 : words[1];
    }

    [TestCase("add.s32 %r31, 7, -9;", unchecked((uint)-2))]
    [TestCase("sub.u32 %r31, 1, 2;", uint.MaxValue)]
    [TestCase("mul.lo.s32 %r31, 65537, 65537;", 131073u)]
    [TestCase("mul.hi.u32 %r31, 0xFFFFFFFF, 0xFFFFFFFF;", 0xFFFFFFFEu)]
    [TestCase("mul.hi.s32 %r31, -1, 5;", uint.MaxValue)]
    [TestCase("mad.lo.u32 %r31, 3, 4, 5;", 17u)]
    [TestCase("div.s32 %r31, -7, 2;", unchecked((uint)-3))]
    [TestCase("div.u32 %r31, 4294967289, 2;", 2147483644u)]
    [TestCase("div.u32 %r31, 7, 0xFFFFFFFF;", 0u)]
    [TestCase("div.s32 %r31, -2147483648, -1;", 0x80000000u)]
    [TestCase("rem.s32 %r31, -7, 4;", unchecked((uint)-3))]
    [TestCase("min.s32 %r31, -1, 1;", uint.MaxValue)]
    [TestCase("min.u32 %r31, -1, 1;", 1u)]
    [TestCase("neg.s32 %r31, 5;", unchecked((uint)-5))]
    [TestCase("abs.s32 %r31, -5;", 5u)]
    [TestCase("shl.b32 %r31, 1, 31;", 0x80000000u)]
    [TestCase("shl.b32 %r31, 1, 32;", 0u)]
    [TestCase("shr.s32 %r31, -8, 1;", unchecked((uint)-4))]
    [TestCase("shr.s32 %r31, -8, 40;", uint.MaxValue)]
    [TestCase("shr.u32 %r31, -8, 28;", 15u)]
    [TestCase("and.b32 %r31, 12, 10;", 8u)]
    [TestCase("or.b32 %r31, 12, 10;", 14u)]
    [TestCase("xor.b32 %r31, 12, 10;", 6u)]
    [TestCase("not.b32 %r31, 0;", uint.MaxValue)]
    [TestCase("popc.b32 %r31, 0xF0F0;", 8u)]
    [TestCase("clz.b32 %r31, 1;", 31u)]
    [TestCase("cvt.rzi.s32.f32 %r31, 0fC0200000;", unchecked((uint)-2))] // -2.5
    [TestCase("cvt.rni.s32.f32 %r31, 0f40200000;", 2u)] // 2.5
    [TestCase("cvt.rpi.s32.f32 %r31, 0f40200000;", 3u)]
    [TestCase("cvt.rmi.s32.f32 %r31, 0fC0200000;", unchecked((uint)-3))]
    [TestCase("cvt.rzi.s32.f32 %r31, 0f7F800000;", 0x7FFFFFFFu)] // infinity
    [TestCase("cvt.rzi.s32.f32 %r31, 0f7FC00000;", 0u)] // NaN
    [TestCase("mov.b32 %r3, -2; cvt.s64.s32 %rd4, %r3; cvt.s32.s64 %r31, %rd4;", unchecked((uint)-2))]
    [TestCase("mov.b16 %rs1, 0x8001; cvt.s32.s16 %r31, %rs1;", 0xFFFF8001u)]
    [TestCase("mov.b16 %rs1, 0x8001; cvt.u32.u16 %r31, %rs1;", 0x8001u)]
    [TestCase("cvt.rn.bf16x2.f32 %r31, 0f3F800000, 0fC0000000;", 0x3F80C000u)] // 1 above, -2 below
    [TestCase("cvt.rn.bf16x2.f32 %r31, 0f3F808000, 0f3F818000;", 0x3F803F82u)] // halfway: to the even one
    [TestCase("cvt.rn.bf16x2.f32 %r31, 0f7FC00000, 0f7F800000;", 0x7FFF7F80u)]
    [TestCase("cvt.rn.f16x2.f32 %r31, 0f3F800000, 0fC0000000;", 0x3C00C000u)]
    [TestCase("mov.b32 {%rs1, %rs2}, 0x12345678; mov.b32 %r31, {%rs2, %rs1};", 0x56781234u)]
    [TestCase("setp.lt.s32 %p1, -1, 1; selp.b32 %r31, 5, 6, %p1;", 5u)]
    [TestCase("setp.lo.u32 %p1, -1, 1; selp.b32 %r31, 5, 6, %p1;", 6u)]
    [TestCase("setp.ne.f32 %p1, 0f7FC00000, 0f00000000; selp.b32 %r31, 5, 6, %p1;", 6u)]
    [TestCase("setp.neu.f32 %p1, 0f7FC00000, 0f00000000; selp.b32 %r31, 5, 6, %p1;", 5u)]
    [TestCase("setp.geu.f32 %p1, 0f7FC00000, 0f00000000; selp.b32 %r31, 5, 6, %p1;", 5u)]
    [TestCase("setp.nan.f32 %p1, 0f7FC00000, 0f00000000; selp.b32 %r31, 5, 6, %p1;", 5u)]
    [TestCase("setp.eq.s32 %p1|%p2, 1, 2; selp.b32 %r31, 5, 6, %p2;", 5u)]
    [TestCase("setp.eq.s32 %p1, 1, 1; setp.eq.and.s32 %p2, 1, 2, %p1; selp.b32 %r31, 5, 6, %p2;", 6u)]
    [TestCase("setp.eq.s32 %p1, 1, 1; setp.eq.s32 %p2, 1, 2; or.pred %p3, %p1, %p2; not.pred %p4, %p3; selp.b32 %r31, 5, 6, %p4;", 6u)]
    [TestCase("{ .reg .b32 t; mov.b32 t, 9; mov.b32 %r31, t; }", 9u)]
    [TestCase("mov.b32 %r31, 0; { .reg .pred q; again: add.s32 %r31, %r31, 1; setp.lt.s32 q, %r31, 5; @q bra again; }", 5u)]
    [TestCase("mov.b32 %r31, 1; { bra over; add.s32 %r31, %r31, 1; over: add.s32 %r31, %r31, 4; }", 5u)]
    public void Words(string body, uint expected) => Assert.That(Of("b32", body), Is.EqualTo(expected));

    [TestCase("mul.wide.u32 %rd31, 0xFFFFFFFF, 2;", 0x1FFFFFFFEUL)]
    [TestCase("mul.wide.s32 %rd31, -1, 2;", unchecked((ulong)-2))]
    [TestCase("mad.wide.s32 %rd31, -1, 2, 5;", 3UL)]
    [TestCase("div.s64 %rd31, -9, 2;", unchecked((ulong)-4))]
    [TestCase("mov.b64 %rd31, {1, 2};", 0x2_00000001UL)]
    [TestCase("shl.b64 %rd31, 1, 40;", 1UL << 40)]
    public void LongWords(string body, ulong expected) => Assert.That(Of("b64", body), Is.EqualTo(expected));

    [TestCase("add.f32 %f31, 0f3F800000, 0f40000000;", 3f)]
    [TestCase("sub.f32 %f31, 0f3F800000, 0f40000000;", -1f)]
    [TestCase("mul.f32 %f31, 0f40400000, 0f40000000;", 6f)]
    [TestCase("fma.rn.f32 %f31, 0f40400000, 0f40000000, 0f3F800000;", 7f)]
    [TestCase("div.rn.f32 %f31, 0f3F800000, 0f40400000;", 1f / 3)]
    [TestCase("rcp.rn.f32 %f31, 0f40400000;", 1f / 3)]
    [TestCase("sqrt.rn.f32 %f31, 0f40000000;", 1.41421356f)]
    [TestCase("min.f32 %f31, 0f7FC00000, 0f40000000;", 2f)]
    [TestCase("max.f32 %f31, 0fC0000000, 0f40000000;", 2f)]
    [TestCase("min.NaN.f32 %f31, 0f7FC00000, 0f40000000;", float.NaN)]
    [TestCase("max.NaN.f32 %f31, 0fC0000000, 0f40000000;", 2f)]
    [TestCase("neg.f32 %f31, 0f40000000;", -2f)]
    [TestCase("abs.f32 %f31, 0fC0000000;", 2f)]
    [TestCase("cvt.rn.f32.s32 %f31, -3;", -3f)]
    [TestCase("cvt.rn.f32.f64 %f31, 0d3FB999999999999A;", 0.1f)]
    [TestCase("mov.b32 %r3, 0x3F800000; mov.f32 %f31, %r3;", 1f)]
    [TestCase("rcp.approx.ftz.f32 %f31, 0f00000001;", float.PositiveInfinity)] // a denormal is zero
    public void Floats(string body, float expected) =>
        Assert.That(BitConverter.UInt32BitsToSingle((uint)Of("f32", body)), Is.EqualTo(expected));

    [TestCase("add.f64 %fd31, 0d3FF0000000000000, 0d4000000000000000;", 3)]
    [TestCase("fma.rn.f64 %fd31, 0d4008000000000000, 0d4000000000000000, 0d3FF0000000000000;", 7)]
    [TestCase("cvt.f64.f32 %fd31, 0f3F800000;", 1)]
    [TestCase("cvt.rn.f64.s64 %fd31, -5;", -5)]
    [TestCase("rcp.rn.f64 %fd31, 0d4010000000000000;", 0.25)]
    public void Doubles(string body, double expected) =>
        Assert.That(BitConverter.UInt64BitsToDouble(Of("f64", body)), Is.EqualTo(expected));

    /// <summary>Off by as much as the manual allows, and by no more.</summary>
    [TestCase("ex2", 2.0), TestCase("rcp", 1.0)]
    public void ApproximateOnesAreApproximate(string name, double most)
    {
        double worst = 0;
        for (int i = 1; i < 60; i++)
        {
            float a = 0.37f * i - 9;
            string body = $"{name}.approx.ftz.f32 %f31, 0f{BitConverter.SingleToUInt32Bits(a):X8};";
            float got = BitConverter.UInt32BitsToSingle((uint)Of("f32", body));
            double exact = name == "ex2" ? Math.Pow(2, a) : 1.0 / a;
            worst = Math.Max(worst, Math.Abs(got - exact) / (MathF.BitIncrement(MathF.Abs((float)exact)) - MathF.Abs((float)exact)));
        }
        Assert.That(worst, Is.InRange(0.75, most + 0.5));
    }

    [TestCase("foo.b32 %r31, 1;"), TestCase("mov.b32 %r99, 1;"), TestCase("add.s32 %r31, %q, 1;"), TestCase("mov.b32 %tid.x, 1;")]
    public void WhatIsNotKnownIsRefused(string body) => Assert.That(() => Snippet.Run(body),
        Throws.TypeOf<PtxFaultException>().With.Property("Kind").EqualTo(PtxFault.Unknown).And.Message.Contains("line 12"));

    [Test]
    public void EveryThreadKnowsWhoItIs()
    {
        uint[] words = Snippet.Run("""
            mov.b32 %r2, %ctaid.x; mov.b32 %r3, %ntid.x; mad.lo.u32 %r4, %r2, %r3, %r1;
            mul.wide.u32 %rd3, %r4, 4; add.u64 %rd3, %rd3, %rd1;
            mov.b32 %r5, %laneid; mov.b32 %r6, %warpid; mad.lo.u32 %r7, %r6, 32, %r5; mov.b32 %r8, %nctaid.x;
            mad.lo.u32 %r9, %r8, 1000, %r7; st.global.b32 [%rd3], %r9;
            """, threads: 40, blocks: 3, words: 120);
        Assert.That(words, Is.EqualTo(Enumerable.Range(0, 120).Select(i => 3000u + (uint)(i % 40))));
    }

    [Test]
    public void VectorsAndShortNumbersOfMemory()
    {
        uint[] words = Snippet.Run("""
            ld.global.v4.b32 {%r2, %r3, %r4, _}, [%rd1]; ld.global.s8 %r5, [%rd1+12]; ld.global.u16 %rs1, [%rd1+14];
            cvt.u32.u16 %r6, %rs1; setp.ne.s32 %p1, %r1, 0; @%p1 ret;
            st.global.v2.b32 [%rd1+16], {%r4, %r3}; st.global.b16 [%rd1+24], %rs1; st.global.b8 [%rd1+26], 7; st.global.b32 [%rd1+28], %r5;
            """, first: [1, 2, 3, 0x8000_00FE]);
        Assert.That(words[4..8], Is.EqualTo(new uint[] { 3, 2, 0x0007_8000, 0xFFFF_FFFE }));
    }
}

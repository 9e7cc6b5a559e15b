using System.Runtime.InteropServices;
using GpuRnn.Backends.Cuda;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Tests.Devices;

/// <summary>What stands between ILGPU's kernels and NVIDIA's driver, as far as no card is needed.</summary>
public class CudaLoaderTests
{
    const string Text = """
        .version 7.8
        .target sm_70
        .visible .entry Kernel_Some(
        	.param .align 8 .b8 _arg[1256]
        )
        {
        	.local .align 4 .b8 __local_depot0[4];
        	.local .align 4 .b8 __local_depot1[4];
        	mov.b64	%rd1, __local_depot0;
        	mov.b64	%rd2, __local_depot1;
        	st.local.b32	[%rd1], 0;
        	mapa.shared::cluster.u32 %r1, %r2, %r3;
        	st.local.b32	[%rd1], %r1;
        	ld.local.b32	%r4, [%rd1];
        	st.local.b32	[%rd2], %r4;
        	add.u64	%rd3, %rd2, 4;
        	@!%p1 bra.uni	L_1;
        	bra.uni	L_2;
        }
        """;

    /// <summary>A local is a register where its address is used for nothing else; the other one stays.</summary>
    [Test]
    public void TextIsEdited()
    {
        string edited = KernelText.Edit(Text, clusters: true).ReplaceLineEndings("\n");
        Assert.That(edited, Does.StartWith(".version 8.1\n.target sm_90\n"));
        Assert.That(edited, Does.Contain("\t.reg .b32 %__local_depot0;"));
        Assert.That(edited, Does.Contain("\tmov.b32\t%__local_depot0, %r1;\n\tmov.b32\t%r4, %__local_depot0;"));
        Assert.That(edited, Does.Contain("\tst.local.b32\t[%rd2], %r4;").And.Contain("mov.b64\t%rd2, __local_depot1;"));
        Assert.That(edited, Does.Contain("@!%p1 bra\tL_1;\n\tbra.uni\tL_2;"));
        Assert.That(KernelText.Edit(Text, clusters: false), Does.Contain(".target sm_70").And.Contain(".version 7.8"));
        Assert.That(KernelText.Edit(Text.Replace("7.8", "8.4", StringComparison.Ordinal), clusters: true), Does.StartWith(".version 8.4"));
        Assert.That((KernelText.Entry(Text), KernelText.ArgumentBytes(Text)), Is.EqualTo(("Kernel_Some", 1256)));
    }

    struct Nothing;

    struct Arguments
    {
        public int Count;
        public Buffer<double> View;
        public Nothing Empty;
        public short Small;
        public long Large;
        public Buffer<float> None;
    }

    /// <summary>As C lays them out: 4 (4) | 8 8 8 | 1 (1) 2 (4) | 8 | 8 8 8.</summary>
    [Test]
    public unsafe void ArgumentsAreLaidOutAsKernelsReadThem()
    {
        using Context context = Context.Create(b => b.CPU(new CPUDevice(2, 1, 1)));
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<double, Stride1D.Dense> buffer = accelerator.Allocate1D<double>(10);
        ArrayView<double> part = buffer.View.BaseView.SubView(3, 5);
        Arguments a = new() { Count = 7, View = new(part, 99), Small = -2, Large = long.MinValue, Empty = default, None = default };
        byte[] bytes = new byte[ArgumentPacker<Arguments>.Size];
        fixed (byte* to = bytes) ArgumentPacker<Arguments>.Write(in a, (nint)to);
        long[] words = MemoryMarshal.Cast<byte, long>(bytes).ToArray();
        Assert.That(bytes, Has.Length.EqualTo(72));
        Assert.That(words[0], Is.EqualTo(7));
        Assert.That(words[1..4], Is.EqualTo(new[] { (long)buffer.NativePtr + 3 * sizeof(double), 5, 99 }));
        Assert.That(BitConverter.ToInt16(bytes, 34), Is.EqualTo(-2));
        Assert.That(words[5..], Is.EqualTo(new[] { long.MinValue, 0, 0, 0 }));
    }

    /// <summary>What a launch costs the heap: nothing.</summary>
    [Test]
    public unsafe void LayingOutAllocatesNothing()
    {
        InLaunch<float> a = default;
        byte[] bytes = new byte[ArgumentPacker<InLaunch<float>>.Size];
        fixed (byte* to = bytes)
        {
            ArgumentPacker<InLaunch<float>>.Write(in a, (nint)to);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) ArgumentPacker<InLaunch<float>>.Write(in a, (nint)to);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }
    }

    static void Kernel<T>(T _)
    {
    }

    /// <summary>Compiled once; again for other types, other devices, and where the file is not what was written.</summary>
    [Test]
    public void TextsAreKept()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            int compiled = 0;
            string Find(Delegate kernel, string how) => KernelCache.Find(folder, kernel.Method, how, () => $"text {++compiled}");
            Assert.That(Find(Kernel<int>, "sm_90"), Is.EqualTo("text 1"));
            Assert.That(Find(Kernel<int>, "sm_90"), Is.EqualTo("text 1"));
            Assert.That(Find(Kernel<long>, "sm_90"), Is.EqualTo("text 2"));
            Assert.That(Find(Kernel<int>, "sm_100"), Is.EqualTo("text 3"));
            Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(3));
            foreach (string file in Directory.GetFiles(folder))
            {
                byte[] bytes = File.ReadAllBytes(file);
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
            }
            Assert.That(Find(Kernel<int>, "sm_90"), Is.EqualTo("text 4"));
            Assert.That(Find(Kernel<int>, "sm_90"), Is.EqualTo("text 4"));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, true);
        }
    }

    /// <summary>A folder that cannot be made costs time, and nothing else.</summary>
    [Test]
    public void AFolderThatCannotBeIsPassedOver()
    {
        string file = Path.GetTempFileName();
        try
        {
            string text = KernelCache.Find(Path.Combine(file, "kernels"), ((Delegate)Kernel<int>).Method, "", () => "text");
            Assert.That(text, Is.EqualTo("text"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}

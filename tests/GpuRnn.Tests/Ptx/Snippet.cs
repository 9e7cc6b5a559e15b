using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace GpuRnn.Tests.Ptx;

/// <summary>
/// Some PTX in a kernel of its own: every thread has %rd1, the address of an array of words, and %r1, its number in the block; registers
/// %r, %rd, %rs, %f, %fd and %p 0 to 31 are there.
/// </summary>
static class Snippet
{
    /// <summary>Runs it and gives the array.</summary>
    public static uint[] Run(
        string body, int threads = 32, int blocks = 1, int words = 64, int seed = 1, string shared = "", uint[]? first = null,
        int resident = 6, long most = 1_000_000, int cluster = 1)
    {
        using Context context = Context.Create(b => b.CPU(new CPUDevice(2, 1, 1)));
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<uint, Stride1D.Dense> buffer = accelerator.Allocate1D<uint>(words);
        uint[] array = new uint[words];
        first?.CopyTo(array, 0);
        buffer.CopyFromCPU(array);
        GlobalMemory memory = new();
        KernelCode code = new(Text(body, shared));
        LaunchShape shape = new((blocks, 1, 1), (threads, 1, 1), seed) { Resident = resident, Most = most, Cluster = cluster };
        new GpuRnn.Ptx.Machine.Grid(code, shape, BitConverter.GetBytes(memory.AddressOf(buffer, 0)), memory).Run();
        buffer.CopyToCPU(array);
        return array;
    }

    /// <summary>The kernel's text; its first instruction is on line 12 and the next on lines of their own.</summary>
    public static string Text(string body, string shared) => $$"""
        .version 7.8
        .target sm_80
        .address_size 64
        .visible .entry snippet(.param .u64 array)
        {
            {{shared}}
            .reg .pred %p<32>; .reg .b16 %rs<32>; .reg .b32 %r<32>; .reg .b64 %rd<32>; .reg .f32 %f<32>; .reg .f64 %fd<32>;
            ld.param.b64 %rd1, [array];
            mov.b32 %r1, %tid.x;
            mul.wide.u32 %rd2, %r1, 4;
            add.u64 %rd2, %rd2, %rd1; // the thread's own word
            {{body}}
            ret;
        }
        """;
}

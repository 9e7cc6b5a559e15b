using System.Collections.Concurrent;
using System.Reflection;
using GpuRnn.Backends.Cuda;
using GpuRnn.Devices;
using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Ptx.Engine;

/// <summary>
/// A GPU that is none: the engine launches kernels on it as on CUDA, and every thread of them is run and watched. Its memory is the host's.
/// </summary>
public sealed class PtxGpu : IDisposable
{
    /// <summary>Compiled once for all: a kernel takes longer to compile than most cases take to run.</summary>
    static readonly ConcurrentDictionary<MethodInfo, string> s_texts = [];
    static readonly ConcurrentDictionary<string, KernelCode> s_codes = [];
    static readonly Lazy<(Context Context, PTXBackend Backend)> s_compiler = new(() =>
    {
        Context context = Gpus.NewContext();
        return (context, new PTXBackend(context, CudaArchitecture.SM_70, CudaInstructionSet.ISA_78, null!));
    });

    readonly Random seeds;
    readonly Lock one = new();

    /// <param name="seed">Of the order in which threads run.</param>
    /// <param name="multiprocessors">How many it says that it has.</param>
    public PtxGpu(int seed = 1, int multiprocessors = 4)
    {
        seeds = new(seed);
        Context context = Context.Create(builder => builder.Optimize(Gpus.Optimization).CPU(new CPUDevice(2, 1, 1)));
        Device = Device.Simulated(context, context.CreateCPUAccelerator(0), multiprocessors, device => new PtxBackend(device, this));
    }

    /// <summary>As the engine sees it.</summary>
    public Device Device { get; }

    internal GlobalMemory Memory { get; } = new();

    /// <summary>Changes the text of a kernel before it is run, or only looks at it; null for nothing of it.</summary>
    internal Func<MethodInfo, string, string>? Edit { get; init; }

    /// <summary>Are its kernels decoded for it alone, so that of their instructions it alone has reached what was reached?</summary>
    internal bool IsApart { get; init; }

    /// <summary>Instructions that the warps of a launch may run, at most: more has no end.</summary>
    internal long Most { get; init; } = 1_000_000_000;

    /// <summary>Nanoseconds of an instruction of a warp, to kernels that look at the clock.</summary>
    internal int InstructionTime { get; init; } = 100;

    /// <summary>Are races faults, and reads of shared memory that nothing wrote?</summary>
    internal bool SeesRaces { get; init; } = true;

    /// <summary>Is the first use of a fast kernel compared with the portable ones?</summary>
    internal bool ChecksFirstUse { get; init; }

    /// <summary>Launches that are kept and not run; null where they are run.</summary>
    internal List<PtxLaunch>? Kept { get; set; }

    /// <summary>Recordings that were replayed.</summary>
    internal int Replays { get; set; }

    internal KernelCode Compile(MethodInfo method, int cluster)
    {
        string text = s_texts.GetOrAdd(method, m => KernelText.Edit(TextOf(m), cluster > 0)), edited = Edit?.Invoke(method, text) ?? text;
        // one that is edited is run once
        KernelCode code = edited == text && !IsApart ? s_codes.GetOrAdd(text, t => new(t, fused: true)) : new(edited, fused: true);
        Kernels[method] = code;
        return code;
    }

    /// <summary>The kernels that were launched on it.</summary>
    internal ConcurrentDictionary<MethodInfo, KernelCode> Kernels { get; } = [];

    static string TextOf(MethodInfo method)
    {
        lock (s_compiler)
            return ((PTXCompiledKernel)s_compiler.Value.Backend.Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty)).PTXAssembly;
    }

    internal void Run(PtxLaunch launch)
    {
        lock (one)
        {
            KernelConfig config = launch.Config;
            LaunchShape shape = new((config.GridDim.X, config.GridDim.Y, config.GridDim.Z),
                (config.GroupDim.X, config.GroupDim.Y, config.GroupDim.Z), seeds.Next(1_000_000))
            {
                Cluster = Math.Max(1, launch.Cluster), Resident = Math.Max(6, launch.Cluster),
                DynamicShared = config.SharedMemoryConfig.NumElements * config.SharedMemoryConfig.ElementSize,
                Most = Most, InstructionTime = InstructionTime, SeesRaces = SeesRaces,
            };
            new Machine.Grid(launch.Code, shape, launch.Arguments, Memory).Run();
            Memory.Forget();
        }
    }

    /// <summary>Frees its memory.</summary>
    public void Dispose() => Device.Dispose();
}

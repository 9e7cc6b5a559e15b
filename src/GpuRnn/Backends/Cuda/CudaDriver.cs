using System.Runtime.InteropServices;
using System.Text;
using GpuRnn.Devices;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// Functions of NVIDIA's driver that load and launch kernels (CUDA driver API, "Module Management" and "Execution Control"): ILGPU loads
/// its own text, and launches no clusters. The accelerator must be bound.
/// </summary>
static unsafe class CudaDriver
{
    const int ErrorLog = 5, ErrorLogBytes = 6; // CUjit_option
    const int MostDynamicShared = 8, NonPortableClusters = 14; // CUfunction_attribute
    const int ClusterDimension = 4; // CUlaunchAttributeID

    // CUlaunchAttribute and CUlaunchConfig
    struct Attribute
    {
        public int Id, Padding;
        public fixed uint Value[16];
    }

    struct Config
    {
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
        public nint Stream;
        public Attribute* Attributes;
        public uint Count;
    }

    static readonly string[] s_functions =
    [
        "cuModuleLoadDataEx", "cuModuleGetFunction", "cuFuncSetAttribute", "cuLaunchKernelEx", "cuMemHostAlloc",
        "cuMemHostGetDevicePointer_v2", "cuMemFreeHost",
    ];

    /// <summary>Is there all that is needed? Drivers before CUDA 11.8 lack some.</summary>
    public static bool IsWhole { get; } =
        Library is nint library and not 0 && s_functions.All(f => NativeLibrary.TryGetExport(library, f, out _));

    static readonly delegate* unmanaged<Config*, nint, void**, void**, int> s_launch = IsWhole
        ? (delegate* unmanaged<Config*, nint, void**, void**, int>)Export("cuLaunchKernelEx") : null;

    static nint Library => NativeLibraries.Load(DeviceKind.Cuda, out _);

    static nint Export(string function) => NativeLibrary.GetExport(Library, function);

    /// <summary>A kernel from its text; the module goes with the context.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="entry">Its name.</param>
    /// <param name="cluster">Blocks of a cluster, or 0.</param>
    /// <exception cref="InvalidOperationException">The driver refuses it; the message has its words.</exception>
    public static nint Load(string ptx, string entry, int cluster)
    {
        byte[] log = new byte[4096];
        byte[] text = Encoding.ASCII.GetBytes(ptx + '\0'), name = Encoding.ASCII.GetBytes(entry + '\0');
        nint module, function;
        fixed (byte* from = text, said = log, called = name)
        {
            int* options = stackalloc int[] { ErrorLog, ErrorLogBytes };
            nint* values = stackalloc nint[] { (nint)said, log.Length };
            int error = ((delegate* unmanaged<nint*, byte*, uint, int*, nint*, int>)Export("cuModuleLoadDataEx"))(
                &module, from, 2, options, values);
            if (error != 0) throw new InvalidOperationException(
                $"{Words("cuModuleLoadDataEx", error)} for kernel {entry}: {OneLine(Encoding.ASCII.GetString(log))}");
            Check(((delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction"))(&function, module, called),
                "cuModuleGetFunction");
        }
        if (cluster > 8) Set(function, NonPortableClusters, 1);
        return function;
    }

    /// <summary>Lets launches have so many bytes of shared memory: more than 48 KB are had by those alone who ask.</summary>
    public static void AllowShared(nint function, int bytes) => Set(function, MostDynamicShared, bytes);

    static void Set(nint function, int attribute, int value) =>
        Check(((delegate* unmanaged<nint, int, int, int>)Export("cuFuncSetAttribute"))(function, attribute, value), "cuFuncSetAttribute");

    /// <summary>Launches a kernel of one argument.</summary>
    public static void Launch(nint function, KernelConfig config, int sharedBytes, int cluster, nint stream, byte* argument)
    {
        Attribute attribute = new() { Id = ClusterDimension };
        (attribute.Value[0], attribute.Value[1], attribute.Value[2]) = ((uint)cluster, 1, 1);
        Config launch = new()
        {
            GridX = (uint)config.GridDim.X, GridY = (uint)config.GridDim.Y, GridZ = (uint)config.GridDim.Z,
            BlockX = (uint)config.GroupDim.X, BlockY = (uint)config.GroupDim.Y, BlockZ = (uint)config.GroupDim.Z,
            SharedBytes = (uint)sharedBytes, Stream = stream, Attributes = &attribute, Count = cluster > 0 ? 1u : 0,
        };
        void* arguments = argument;
        Check(s_launch(&launch, function, &arguments, null), "cuLaunchKernelEx");
    }

    /// <summary>Bytes of the host's memory that kernels reach too, all of them 0.</summary>
    /// <returns>Where they are for the host, and for kernels.</returns>
    public static (nint Host, long Device) Share(int bytes)
    {
        const uint ForAllContexts = 1, Mapped = 2; // CU_MEMHOSTALLOC_PORTABLE, CU_MEMHOSTALLOC_DEVICEMAP
        nint host;
        long device;
        Check(((delegate* unmanaged<nint*, nuint, uint, int>)Export("cuMemHostAlloc"))(&host, (nuint)bytes, ForAllContexts | Mapped),
            "cuMemHostAlloc");
        new Span<byte>((void*)host, bytes).Clear();
        Check(((delegate* unmanaged<long*, nint, uint, int>)Export("cuMemHostGetDevicePointer_v2"))(&device, host, 0),
            "cuMemHostGetDevicePointer");
        return (host, device);
    }

    /// <summary>Frees what <see cref="Share"/> gave.</summary>
    public static void Free(nint host) => Check(((delegate* unmanaged<nint, int>)Export("cuMemFreeHost"))(host), "cuMemFreeHost");

    static void Check(int error, string call)
    {
        if (error != 0) throw new InvalidOperationException(Words(call, error) + '.');
    }

    static string Words(string call, int error) => $"NVIDIA's driver answers {call} with error {error} ({(CudaError)error})";

    static string OneLine(string text) =>
        string.Join(' ', text.TrimEnd('\0').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

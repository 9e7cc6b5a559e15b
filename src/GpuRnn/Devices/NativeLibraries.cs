using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace GpuRnn.Devices;

/// <summary>
/// ILGPU asks for libcuda.so and libOpenCL.so, which only development packages install (and of CUDA a stub that drives nothing); users have
/// libcuda.so.1 and libOpenCL.so.1. Whoever installed a resolver for ILGPU before us keeps it.
/// </summary>
static class NativeLibraries
{
    /// <summary>Names that drivers install; then where WSL, containers and NixOS put NVIDIA's, when the loader was not told.</summary>
    static readonly Dictionary<string, string[]> s_linux = new()
    {
        ["cuda"] =
        [
            "libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1",
            "libcuda.so",
        ],
        ["OpenCL"] = ["libOpenCL.so.1", "libOpenCL.so"],
    };

    static readonly Lazy<bool> s_resolved = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    });

    public static void Prepare() => _ = s_resolved.Value;

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        OperatingSystem.IsLinux() && s_linux.TryGetValue(name, out string[]? names) ? First(names) : 0;

    static nint First(string[] names) => names.Select(Open).FirstOrDefault(handle => handle != 0);

    static nint Open(string name) => NativeLibrary.TryLoad(name, out nint handle) ? handle : 0;

    /// <summary>The library of a kind's driver as ILGPU gets it, or what the loader says of the first name that it should have.</summary>
    public static nint Load(DeviceKind kind, out string? missing)
    {
        string[] names = OperatingSystem.IsLinux() ? s_linux[kind == DeviceKind.Cuda ? "cuda" : "OpenCL"]
            : [kind == DeviceKind.Cuda ? "nvcuda" : "OpenCL"];
        missing = null;
        nint found = First(names);
        if (found != 0) return found;
        try
        {
            return NativeLibrary.Load(names[0]);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // the first line is advice to developers; the loader's own words follow
            string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            missing = lines.Skip(1).FirstOrDefault(line => line.StartsWith(names[0], StringComparison.Ordinal)) ?? lines[^1];
            return 0;
        }
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace GpuRnn.Devices;

/// <summary>
/// ILGPU asks for libOpenCL.so, which only development packages install; users have libOpenCL.so.1. Whoever installed a resolver for
/// ILGPU before us keeps it.
/// </summary>
static class NativeLibraries
{
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

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!OperatingSystem.IsLinux() || !name.Contains("OpenCL", StringComparison.Ordinal)) return 0;
        return NativeLibrary.TryLoad(name, assembly, path, out nint handle) || NativeLibrary.TryLoad("libOpenCL.so.1", out handle) ? handle : 0;
    }
}

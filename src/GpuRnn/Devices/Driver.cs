using System.Runtime.InteropServices;

namespace GpuRnn.Devices;

/// <summary>A GPU's driver, asked directly: is it there, does it start, does it count a device?</summary>
/// <param name="Refusal">What it says against, in its own words; null where it has a device.</param>
readonly record struct Driver(string? Refusal)
{
    public static Driver Of(DeviceKind kind)
    {
        nint library = NativeLibraries.Load(kind, out string? missing);
        try
        {
            return new(missing ?? (kind == DeviceKind.Cuda ? Cuda(library) : OpenCl(library)));
        }
        catch (EntryPointNotFoundException e)
        {
            return new(e.Message);
        }
    }

    static unsafe string? Cuda(nint library)
    {
        int count = 0, error = ((delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit"))(0);
        string call = "cuInit";
        if (error == 0)
        {
            call = "cuDeviceGetCount";
            error = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, call))(&count);
        }
        if (error == 0) return count > 0 ? null : "NVIDIA's driver counts no device";
        string name = Text("cuGetErrorName", "error"), words = Text("cuGetErrorString", "no words for it");
        return $"NVIDIA's driver answers {call} with {name} ({error}): {words}";

        string Text(string function, string otherwise)
        {
            byte* text = null;
            return NativeLibrary.TryGetExport(library, function, out nint address)
                && ((delegate* unmanaged<int, byte**, int>)address)(error, &text) == 0 && text is not null
                ? Marshal.PtrToStringUTF8((nint)text)! : otherwise;
        }
    }

    static unsafe string? OpenCl(nint library)
    {
        uint count = 0;
        int error = ((delegate* unmanaged<uint, nint*, uint*, int>)NativeLibrary.GetExport(library, "clGetPlatformIDs"))(0, null, &count);
        return error != 0 ? $"OpenCL answers clGetPlatformIDs with error {error}{(error == -1001 ? ", no platform is installed" : "")}"
            : count == 0 ? "OpenCL counts no platform" : null;
    }
}

using System.Runtime.InteropServices;

namespace GpuRnn.Devices;

/// <summary>
/// PoCL, an OpenCL for CPUs. As Debian has it (6.0 with LLVM 18), its usual way of running the threads of a group, loops that are
/// vectorised, ended the process on the engine's kernels: one read far outside of memory, another stopped LLVM (PoCL's issue 1608). With
/// its other way, continuations, neither happens. It reads the choice from the environment when it is loaded.
/// </summary>
static partial class Pocl
{
    /// <summary>Asks for continuations, unless the user has chosen.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetEnvironment("POCL_WORK_GROUP_METHOD", "cbs", 0); // .NET's own copy of the environment is not what libraries read
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // no such library: then PoCL's own choice stands
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

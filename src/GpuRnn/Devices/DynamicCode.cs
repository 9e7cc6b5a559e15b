using System.Runtime.CompilerServices;

namespace GpuRnn.Devices;

/// <summary>Why a program that opens a device is neither trimmed nor native: ILGPU finds kernels by reflection and emits code for
/// them.</summary>
static class DynamicCode
{
    public const string Trimming = "Kernels are found by reflection: publish without PublishTrimmed.";
    public const string Aot = "ILGPU emits code at run time: publish without PublishAot.";

    /// <exception cref="NoDeviceException">This program was built for native code.</exception>
    public static void Check()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
            throw new NoDeviceException(
                "No device can be opened, for this program was built without dynamic code, and kernels are made at run time. "
                + "Set PublishAot to false (in a program of one file: #:property PublishAot=false).");
    }
}

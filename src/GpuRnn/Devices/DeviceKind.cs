namespace GpuRnn.Devices;

/// <summary>What runs the kernels.</summary>
public enum DeviceKind
{
    /// <summary>ILGPU's CPU accelerator: SIMD kernels on the cores of this machine.</summary>
    Cpu,
    /// <summary>An OpenCL device.</summary>
    OpenCl,
    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GpuRnn.Devices;

/// <summary>The GPUs of a kind that ILGPU takes, and why there are no more.</summary>
/// <param name="Devices">As ILGPU numbers them.</param>
/// <param name="Missing">What the driver and ILGPU say of the others, in one line; null where neither had anything to say.</param>
/// <remarks>ILGPU tells nobody why it has no device: the driver is asked again, and what ILGPU throws and catches is overheard.</remarks>
sealed record Gpus(IReadOnlyList<ILGPU.Runtime.Device> Devices, string? Missing)
{
    /// <summary>How kernels are compiled for every GPU: the text that tests/GpuRnn.Offline writes is what a card gets.</summary>
    public const OptimizationLevel Optimization = OptimizationLevel.O2;

    /// <summary>A context for any of them.</summary>
    public static Context NewContext() => Context.Create(builder => builder.Optimize(Optimization));

    /// <summary>The GPUs of a kind.</summary>
    public static Gpus Of(DeviceKind kind)
    {
        NativeLibraries.Prepare();
        List<string> said = [];
        int thread = Environment.CurrentManagedThreadId;
        AppDomain.CurrentDomain.FirstChanceException += Overhear;
        // not builder.Cuda(): under WSL it sets an import resolver of its own, which may be done once in a process and after no other
        IReadOnlyList<ILGPU.Runtime.Device> devices = kind == DeviceKind.Cuda ? CudaDevice.GetDevices(Takes) : CLDevice.GetDevices(Takes);
        AppDomain.CurrentDomain.FirstChanceException -= Overhear;
        if (devices.Count == 0 && Driver.Of(kind).Refusal is string refusal) said = [refusal];
        return new(devices, said.Count > 0 ? OneLine(string.Join("; ", said.Distinct())) : null);

        void Overhear(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e)
        {
            if (Environment.CurrentManagedThreadId == thread) said.Add(Words(e.Exception));
        }

        bool Takes(ILGPU.Runtime.Device device)
        {
            string? lacks = device switch
            {
                CudaDevice { InstructionSet: null } cuda =>
                    $"ILGPU knows no instruction set for compute capability {cuda.Architecture} with driver {cuda.DriverVersion}",
                CLDevice cl when cl.CLStdVersion < CLBackend.MinimumVersion =>
                    $"ILGPU asks for {CLBackend.MinimumVersion}, it has {cl.CLStdVersion}",
                CLDevice { Capabilities.GenericAddressSpace: false } => "ILGPU asks for OpenCL's generic address space, which it lacks",
                _ => null,
            };
            if (lacks is not null) said.Add($"{device.Name}: {lacks}");
            return lacks is null;
        }
    }

    /// <summary>
    /// Opens the accelerator of a device, in a context of its own; of CUDA with a stream, for its default stream cannot be recorded: this
    /// one waits for it, and it for this one. The accelerator disposes its streams.
    /// </summary>
    /// <exception cref="NoDeviceException">The driver refuses; the message says how.</exception>
    public static (Context Context, Accelerator Accelerator, AcceleratorStream? Stream) Open(ILGPU.Runtime.Device device, string name)
    {
        Context context = NewContext();
        try
        {
            Accelerator accelerator = device.CreateAccelerator(context);
            return (context, accelerator, (accelerator as CudaAccelerator)?.CreateStream(StreamFlags.CU_STREAM_DEFAULT));
        }
        catch (Exception e)
        {
            context.Dispose();
            throw new NoDeviceException($"The device '{name}' ({device.Name}) cannot be opened: {OneLine(Words(e))}.", e);
        }
    }

    static string Words(Exception e) => e switch
    {
        CudaException cuda => $"CUDA says {cuda.Error}: {cuda.Message}",
        CLException cl => $"OpenCL says {cl.Error}: {cl.Message}",
        _ => $"{e.GetType().Name}: {e.Message}",
    };

    static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}

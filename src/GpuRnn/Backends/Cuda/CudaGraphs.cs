using System.Runtime.InteropServices;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// Launches on a CUDA stream, kept as a graph (CUDA driver API, "Stream Management" and "Graph Management"): a launch within one costs
/// a microsecond instead of several. CUDA's default stream cannot be recorded; where a program gave that one, or a driver is too old,
/// launches are single ones.
/// </summary>
/// <param name="device">A CUDA device.</param>
/// <param name="stream">Its stream.</param>
sealed unsafe class CudaGraphs(Device device, CudaStream stream) : Recorder
{
    // launches of other threads are no business of a recording
    const int ThreadLocal = 1;

    readonly nint library = NativeLibraries.Load(DeviceKind.Cuda, out _);

    public override Recording? Record(Action launches)
    {
        device.Accelerator.Bind();
        if (!Has("cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphLaunch", "cuGraphExecDestroy",
            "cuGraphDestroy")) return null;
        if (((delegate* unmanaged<nint, int, int>)Export("cuStreamBeginCapture_v2"))(stream.StreamPtr, ThreadLocal) != 0) return null;
        nint graph = 0, ready = 0;
        int ended;
        try
        {
            launches();
        }
        finally
        {
            ended = ((delegate* unmanaged<nint, nint*, int>)Export("cuStreamEndCapture"))(stream.StreamPtr, &graph);
        }
        if (ended != 0 || graph == 0) return null;
        int made = ((delegate* unmanaged<nint*, nint, ulong, int>)Export("cuGraphInstantiateWithFlags"))(&ready, graph, 0);
        _ = ((delegate* unmanaged<nint, int>)Export("cuGraphDestroy"))(graph);
        return made == 0 ? new Graph(this, ready) : null;
    }

    bool Has(params ReadOnlySpan<string> functions)
    {
        foreach (string function in functions)
            if (!NativeLibrary.TryGetExport(library, function, out _)) return false;
        return true;
    }

    nint Export(string function) => NativeLibrary.GetExport(library, function);

    sealed class Graph(CudaGraphs graphs, nint ready) : Recording
    {
        readonly delegate* unmanaged<nint, nint, int> launch = (delegate* unmanaged<nint, nint, int>)graphs.Export("cuGraphLaunch");

        public override void Replay()
        {
            graphs.Device.Accelerator.Bind();
            int error = launch(ready, graphs.Stream);
            if (error != 0)
                throw new InvalidOperationException(
                    $"CUDA answers cuGraphLaunch with error {error} ({(CudaError)error}) on {graphs.Device.Name}.");
        }

        public override void Dispose()
        {
            if (graphs.Device.Accelerator.IsDisposed) return; // gone with its context
            graphs.Device.Accelerator.Bind();
            _ = ((delegate* unmanaged<nint, int>)graphs.Export("cuGraphExecDestroy"))(ready);
        }
    }

    Device Device => device;
    nint Stream => stream.StreamPtr;
}

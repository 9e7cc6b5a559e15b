using System.Runtime.InteropServices;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Backends.Cuda;

/// <summary>
/// Launches on a CUDA stream, kept as a graph (CUDA driver API, "Stream Management" and "Graph Management"): a launch within one costs
/// less than half of one by itself. CUDA's default stream cannot be recorded; where a program gave that one, or a driver is too old,
/// launches are single ones; so they are where GPURNN_CUDA is <c>launches</c>, to find out whether a fault is in recordings.
/// </summary>
sealed unsafe class CudaGraphs : Recorder
{
    // launches of other threads are no business of a recording
    const int ThreadLocal = 1;

    readonly Device device;
    readonly CudaStream stream;
    readonly nint library;

    CudaGraphs(Device device, CudaStream stream, nint library) => (this.device, this.stream, this.library) = (device, stream, library);

    /// <summary>What records a stream; null where its launches cannot be.</summary>
    public static CudaGraphs? Of(Device device)
    {
        if (Environment.GetEnvironmentVariable("GPURNN_CUDA") == "launches") return null;
        if (device.Stream is not CudaStream { StreamPtr: not 0 } stream) return null;
        nint library = NativeLibraries.Load(DeviceKind.Cuda, out _);
        return library != 0 && s_functions.All(f => NativeLibrary.TryGetExport(library, f, out _)) ? new(device, stream, library) : null;
    }

    static readonly string[] s_functions =
    [
        "cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphLaunch", "cuGraphExecDestroy",
        "cuGraphDestroy",
    ];

    public override Recording? Record(Action launches)
    {
        device.Accelerator.Bind();
        if (((delegate* unmanaged<nint, int, int>)Export("cuStreamBeginCapture_v2"))(stream.StreamPtr, ThreadLocal) != 0) return null;
        nint graph = 0, ready = 0;
        bool whole = false;
        try
        {
            launches();
            whole = true;
        }
        finally
        {
            int ended = ((delegate* unmanaged<nint, nint*, int>)Export("cuStreamEndCapture"))(stream.StreamPtr, &graph);
            if (whole && ended == 0 && graph != 0
                && ((delegate* unmanaged<nint*, nint, ulong, int>)Export("cuGraphInstantiateWithFlags"))(&ready, graph, 0) != 0) ready = 0;
            if (graph != 0) _ = ((delegate* unmanaged<nint, int>)Export("cuGraphDestroy"))(graph);
        }
        return ready != 0 ? new Graph(this, ready) : null;
    }

    nint Export(string function) => NativeLibrary.GetExport(library, function);

    sealed class Graph(CudaGraphs graphs, nint ready) : Recording
    {
        readonly delegate* unmanaged<nint, nint, int> launch = (delegate* unmanaged<nint, nint, int>)graphs.Export("cuGraphLaunch");

        public override void Replay()
        {
            graphs.device.Accelerator.Bind();
            int error = launch(ready, graphs.stream.StreamPtr);
            if (error != 0)
                throw new InvalidOperationException(
                    $"CUDA answers cuGraphLaunch with error {error} ({(CudaError)error}) on {graphs.device.Name}.");
        }

        public override void Dispose()
        {
            if (graphs.device.Accelerator.IsDisposed) return; // gone with its context
            graphs.device.Accelerator.Bind();
            _ = ((delegate* unmanaged<nint, int>)graphs.Export("cuGraphExecDestroy"))(ready);
        }
    }
}

using GpuRnn.Backends.Recorded;
using GpuRnn.Ptx.Machine;
using ILGPU;

namespace GpuRnn.Ptx.Engine;

/// <summary>Keeps launches as a graph of CUDA does: their arguments as they were.</summary>
/// <param name="gpu">The machine.</param>
sealed class PtxRecorder(PtxGpu gpu) : Recorder
{
    public override Recording? Record(Action launches)
    {
        List<(KernelCode, KernelConfig, byte[])> kept = gpu.Kept = [];
        try
        {
            launches();
        }
        finally
        {
            gpu.Kept = null;
        }
        return new Kept(gpu, kept);
    }

    sealed class Kept(PtxGpu gpu, List<(KernelCode Code, KernelConfig Config, byte[] Arguments)> launches) : Recording
    {
        bool disposed;

        public override void Replay()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            gpu.Replays++;
            foreach ((KernelCode code, KernelConfig config, byte[] arguments) in launches) gpu.Run(code, config, arguments);
        }

        public override void Dispose() => disposed = true;
    }
}

using GpuRnn.Backends.Recorded;

namespace GpuRnn.Ptx.Engine;

/// <summary>Keeps launches as a graph of CUDA does: their arguments as they were.</summary>
/// <param name="gpu">The machine.</param>
sealed class PtxRecorder(PtxGpu gpu) : Recorder
{
    public override Recording? Record(Action launches)
    {
        List<PtxLaunch> kept = gpu.Kept = [];
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

    sealed class Kept(PtxGpu gpu, List<PtxLaunch> launches) : Recording
    {
        bool disposed;

        public override void Replay()
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            gpu.Replays++;
            foreach (PtxLaunch launch in launches) gpu.Run(launch);
        }

        public override void Dispose() => disposed = true;
    }
}

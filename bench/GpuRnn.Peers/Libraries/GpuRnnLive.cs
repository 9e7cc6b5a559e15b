using GpuRnn.Layers;
using GpuRnn.Peers.Cases;
using GpuRnn.State;
using ILGPU.Runtime;

namespace GpuRnn.Peers.Libraries;

/// <summary>A step of those live sequences that are ready, others from call to call: bind, forward, as a server does.</summary>
sealed class GpuRnnLive : IPeer
{
    readonly Case c;
    readonly Device device;
    readonly int[][] ready;
    readonly Recurrent<float> network;
    readonly StateStore<float, int> store;
    readonly Pass<float> pass;
    int calls;

    public GpuRnnLive(Case c, CaseData data, Device device)
    {
        (this.c, this.device, ready) = (c, device, data.Ready);
        network = GpuRnnPeer.NetworkOf(c, data, device);
        store = new(network, c.Live);
        for (int key = 0; key < c.Live; key++) store.Open(key);
        pass = network.Plan(1, c.Shape.B);
        pass.Input.CopyFromCPU(device.Stream, data.X);
    }

    public string Library => "gpurnn";

    public void Call()
    {
        store.Bind(pass, ready[calls++ % ready.Length], 1);
        pass.Forward();
        device.Synchronize();
    }

    public Dictionary<string, float[]> Results()
    {
        float[] y = new float[c.Shape.B * c.Shape.H];
        pass.Output.CopyToCPU(device.Stream, y);
        return new() { ["y"] = y };
    }

    public void Dispose()
    {
        pass.Dispose();
        store.Dispose();
        network.Dispose();
    }
}

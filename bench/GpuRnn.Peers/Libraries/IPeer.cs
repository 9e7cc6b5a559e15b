using GpuRnn.Layers;
using GpuRnn.Peers.Cases;

namespace GpuRnn.Peers.Libraries;

/// <summary>A library with a case set up in it: everything is in the library's own memory, so that a call is the library alone.</summary>
interface IPeer : IDisposable
{
    /// <summary>As results name it.</summary>
    string Library { get; }

    /// <summary>
    /// What results may differ by from the first library's, of the largest magnitude, or of 1 where that is less: gradients of weights are
    /// sums over all steps.
    /// </summary>
    double Tolerance => 1e-4;

    /// <summary>One call; all of it is done when it returns.</summary>
    void Call();

    /// <summary>What the last call computed, to be compared: y; in training also dx and the gradient of a weight.</summary>
    Dictionary<string, float[]> Results();
}

/// <summary>Who takes part.</summary>
static class Participants
{
    /// <summary>Loads the libraries, with as many threads each as the device has workers.</summary>
    public static void Prepare(Device device)
    {
        OnnxRuntimePeer.Prepare();
        Libtorch.Prepare(device.Workers);
    }

    /// <summary>
    /// The libraries that can do a case. ONNX Runtime doesn't train recurrent networks, and keeps no states between calls.
    /// </summary>
    public static IEnumerable<IPeer> Of(Case c, CaseData data, Device device)
    {
        if (c.Live > 0)
        {
            yield return new GpuRnnLive(c, data, device);
            yield return LibtorchLive.Faster(c, data);
            yield break;
        }
        yield return new GpuRnnPeer(c, data, device);
        if (c.ShortWeights)
        {
            yield return new GpuRnnPeer(c, data, device, WeightPrecision.BFloat16);
            yield return new GpuRnnPeer(c, data, device, WeightPrecision.Int8);
        }
        if (!c.Training) yield return new OnnxRuntimePeer(c, data, device.Workers);
        if (c.ShortWeights) yield return new OnnxRuntimePeer(c, data, device.Workers, quantized: true);
        yield return new LibtorchPeer(c, data, packed: false);
        if (c.Lengths.Length > 0) yield return new LibtorchPeer(c, data, packed: true);
    }
}

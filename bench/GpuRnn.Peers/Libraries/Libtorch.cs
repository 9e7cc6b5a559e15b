using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace GpuRnn.Peers.Libraries;

/// <summary>What everything that runs on libtorch needs.</summary>
static class Libtorch
{
    /// <summary>
    /// Loads libtorch and sets its threads. TorchSharp would load it by itself, but where that fails it copies all of libtorch to look for
    /// it there, and writes pages about it.
    /// </summary>
    public static void Prepare(int threads)
    {
        try
        {
            foreach (string file in new[] { "libtorch_cpu.so", "libLibTorchSharp.so" })
                NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, file));
        }
        catch (DllNotFoundException e)
        {
            string reason = e.Message.Split('\n').FirstOrDefault(line => line.Contains("GLIBCXX"), e.Message).Trim();
            throw new GpuRnnException(
                $"libtorch cannot be loaded: {reason}. Run it by bench/run-peers.sh, which finds a C++ library that is new enough.", e);
        }
        torch.set_num_threads(threads);
    }

    public static torch.Tensor Tensor(float[] data, params long[] shape) => torch.tensor(data, shape);

    /// <summary>Writes weights to the module's parameters of the same names; `rename` where names differ.</summary>
    public static void Load(Module module, IReadOnlyDictionary<string, float[]> weights, Func<string, string>? rename = null)
    {
        using var scope = torch.NewDisposeScope();
        using var constant = torch.no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
            parameter.copy_(Tensor(weights[rename?.Invoke(name) ?? name], parameter.shape));
    }

    public static float[] ToArray(torch.Tensor tensor)
    {
        using torch.Tensor contiguous = tensor.contiguous();
        return contiguous.data<float>().ToArray();
    }
}

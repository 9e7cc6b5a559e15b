using System.Diagnostics;
using GpuRnn.Measuring;
using GpuRnn.Peers.Cases;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GpuRnn.Peers.Libraries;

/// <summary>
/// The same in libtorch: states of all live sequences in two tensors, from which the ready ones' rows are taken and put back.
/// </summary>
sealed class LibtorchLive : IPeer
{
    const int TrialCalls = 50;
    readonly Module layer;
    readonly Tensor x, h, c;
    readonly Tensor[] ready;
    Tensor? y;
    int calls;

    LibtorchLive(Case live, CaseData data, bool cell)
    {
        layer = cell ? LSTMCell(live.Shape.I, live.Shape.H) : LSTM(live.Shape.I, live.Shape.H);
        layer.eval();
        Libtorch.Load(layer, data.Weights, name => cell ? $"{name}_l0" : name);
        x = Libtorch.Tensor(data.X, cell ? [live.Shape.B, live.Shape.I] : [1, live.Shape.B, live.Shape.I]);
        h = zeros(live.Live, live.Shape.H);
        c = zeros(live.Live, live.Shape.H);
        ready = [.. data.Ready.Select(keys => tensor(keys.Select(key => (long)key).ToArray(), int64))];
    }

    /// <summary>libtorch has two ways to make one step, LSTM and LSTMCell: whichever is faster here.</summary>
    public static LibtorchLive Faster(Case live, CaseData data)
    {
        double[] seconds = [.. new[] { false, true }.Select(cell =>
        {
            using LibtorchLive trial = new(live, data, cell);
            return Timing.Median(Enumerable.Range(0, TrialCalls).Select(_ => Seconds(trial)).ToList());
        })];
        return new(live, data, cell: seconds[1] < seconds[0]);

        static double Seconds(LibtorchLive trial)
        {
            long start = Stopwatch.GetTimestamp();
            trial.Call();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    public string Library => "libtorch";

    public void Call()
    {
        y?.Dispose();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        Tensor rows = ready[calls++ % ready.Length], h0 = h.index_select(0, rows), c0 = c.index_select(0, rows), h1, c1;
        if (layer is LSTMCell cell) (h1, c1) = cell.call(x, (h0, c0));
        else
        {
            (_, h1, c1) = ((LSTM)layer).call(x, (h0.unsqueeze(0), c0.unsqueeze(0)));
            (h1, c1) = (h1.squeeze(0), c1.squeeze(0));
        }
        h.index_copy_(0, rows, h1);
        c.index_copy_(0, rows, c1);
        y = h1.DetachFromDisposeScope();
    }

    public Dictionary<string, float[]> Results() => new() { ["y"] = Libtorch.ToArray(y!) };

    public void Dispose()
    {
        y?.Dispose();
        foreach (Tensor tensor in new[] { x, h, c }.Concat(ready)) tensor.Dispose();
        layer.Dispose();
    }
}

using GpuRnn.Peers.Cases;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;

namespace GpuRnn.Peers.Libraries;

/// <summary>
/// libtorch's own recurrent layers. Ragged batches run padded to T, or packed; packing and unpacking are in the call, as each batch has
/// lengths of its own.
/// </summary>
sealed class LibtorchPeer : IPeer
{
    const string Weight = "weight_hh_l0";
    readonly Case c;
    readonly bool packed;
    readonly Module layer;
    readonly Tensor x, dy, lengths;
    readonly List<Tensor> trained = [];
    readonly int weightAt;
    Tensor? y;
    List<Tensor> gradients = [];

    public LibtorchPeer(Case c, CaseData data, bool packed)
    {
        (this.c, this.packed) = (c, packed);
        layer = LayerOf(c);
        layer.train(c.Training);
        Libtorch.Load(layer, data.Weights);
        x = Libtorch.Tensor(data.X, c.Shape.T, c.Shape.B, c.Shape.I);
        dy = Libtorch.Tensor(data.Dy, c.Training ? [c.Shape.T, c.Shape.B, c.OutputSize] : [0]);
        lengths = tensor(c.Lengths.Select(length => (long)length).ToArray(), int64);
        if (!c.Training) return;
        x.requires_grad = true;
        trained = [x, .. layer.parameters()];
        weightAt = 1 + layer.named_parameters().Select(p => p.name).ToList().IndexOf(Weight);
    }

    public string Library => packed ? "libtorch_packed" : "libtorch";

    static Module LayerOf(Case c) => c.Cell switch
    {
        "lstm" => LSTM(c.Shape.I, c.Shape.H, c.Layers, bidirectional: c.Directions == 2),
        "gru" => GRU(c.Shape.I, c.Shape.H, c.Layers, bidirectional: c.Directions == 2),
        _ => RNN(c.Shape.I, c.Shape.H, c.Layers, NonLinearities.Tanh, bidirectional: c.Directions == 2),
    };

    public void Call()
    {
        Forget();
        using DisposeScope scope = NewDisposeScope();
        if (!c.Training)
        {
            using IDisposable inference = inference_mode();
            y = Forward().DetachFromDisposeScope();
            return;
        }
        y = Forward().DetachFromDisposeScope();
        // unlike backward(), which adds to the gradients of the last call or wants them thrown away first
        gradients = [.. autograd.grad([y], trained, [dy]).Select(g => g.DetachFromDisposeScope())];
    }

    Tensor Forward()
    {
        if (packed)
            return pad_packed_sequence(Packed(pack_padded_sequence(x, lengths, enforce_sorted: false)), total_length: c.Shape.T).Item1;
        return layer switch
        {
            LSTM lstm => lstm.call(x).Item1,
            GRU gru => gru.call(x).Item1,
            _ => ((RNN)layer).call(x).Item1,
        };
    }

    PackedSequence Packed(PackedSequence batch) => ((LSTM)layer).call(batch).Item1;

    public Dictionary<string, float[]> Results()
    {
        float[] output = Libtorch.ToArray(y!);
        c.ClearPadding(output, c.OutputSize); // the padded layer runs on there
        Dictionary<string, float[]> results = new() { ["y"] = output };
        if (!c.Training) return results;
        results["dx"] = Libtorch.ToArray(gradients[0]);
        results[Weight] = Libtorch.ToArray(gradients[weightAt]);
        return results;
    }

    void Forget()
    {
        y?.Dispose();
        gradients.ForEach(g => g.Dispose());
        (y, gradients) = (null, []);
    }

    public void Dispose()
    {
        Forget();
        foreach (Tensor tensor in new[] { x, dy, lengths }) tensor.Dispose();
        layer.Dispose();
    }
}

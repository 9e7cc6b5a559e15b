using GpuRnn.Kernels.Updates;
using GpuRnn.Memory;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>What the layers of a pass hand to each other: inputs, outputs, states and their gradients.</summary>
sealed class LayerMemory<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Recurrent<E> network;
    readonly List<IDisposable> memory = [];
    readonly ArrayView<E>[]? directionOutputs;
    readonly Elementwise<E>? add;

    public LayerMemory(Recurrent<E> network, int steps, int sequences, PassOptions options)
    {
        this.network = network;
        long rows = (long)steps * sequences, states = (long)network.Options.Layers * network.DirectionCount * sequences;
        long h = states * network.SizeOfH, c = states * network.SizeOfC;
        if (network.Options.IndexInput) Index = New<int>(rows);
        else X = New<E>(rows * network.InputSize);
        Outputs = [.. Enumerable.Range(0, network.Options.Layers).Select(_ => New<E>(rows * network.OutputSize))];
        bool sum = network.Options.Directions == Directions.Summed;
        if (sum)
        {
            directionOutputs = [.. Enumerable.Range(0, network.Options.Layers * 2).Select(_ => New<E>(rows * network.SizeOfH))];
            add = Elementwise<E>.Of(network.Device, typeof(AddRule<,>));
        }
        OutputStride = network.OutputSize;
        (H0, Hn) = (New<E>(h, Contents.Zeros), New<E>(h));
        if (network.HasC) (C0, Cn) = (New<E>(c, Contents.Zeros), New<E>(c));
        if (!options.Training) return;
        (RunH0, Dh) = (New<E>(h), New<E>(h));
        if (network.HasC) (RunC0, Dc) = (New<E>(c), New<E>(c));
        if (options.Dropout is { Rate: > 0 } dropout)
        {
            Dropped = [.. Enumerable.Range(0, network.Options.Layers - 1).Select(_ => New<E>(rows * network.OutputSize))];
            Masks = [.. Enumerable.Range(0, network.Options.Layers - 1)
                .Select(l => new DropoutMasks<E>(network.Device, dropout, network.FirstPlace + l))];
        }
        OutputGradients = [.. Enumerable.Range(0, network.Options.Layers).Select(_ => New<E>(rows * network.OutputSize))];
        if (options.InputGradient && !network.Options.IndexInput) Dx = New<E>(rows * network.InputSize);
    }

    public ArrayView<E> X { get; }
    public ArrayView<int> Index { get; }
    public ArrayView<E>[] Outputs { get; }
    /// <summary>What the next layer reads of a layer's output, where dropout stands between them.</summary>
    public ArrayView<E>[] Dropped { get; } = [];
    public DropoutMasks<E>[] Masks { get; } = [];
    public int OutputStride { get; }
    public ArrayView<E> H0 { get; }
    public ArrayView<E> C0 { get; }
    /// <summary>In training, the initial states of the run that a backward pass may follow.</summary>
    public ArrayView<E> RunH0 { get; }
    public ArrayView<E> RunC0 { get; }
    public ArrayView<E> Hn { get; }
    public ArrayView<E> Cn { get; }
    public ArrayView<E> Dh { get; }
    public ArrayView<E> Dc { get; }
    public ArrayView<E>[] OutputGradients { get; } = [];
    public ArrayView<E> Dx { get; }

    /// <summary>Where a layer and direction writes: side by side, or an array of its own whose sum follows.</summary>
    public ArrayView<E> OutputOf(int layer, int direction) => directionOutputs is null
        ? Outputs[layer].SubView((long)direction * network.SizeOfH, Outputs[layer].Length - (long)direction * network.SizeOfH)
        : directionOutputs[2 * layer + direction];

    /// <summary>The columns of a layer's output gradient that belong to a direction.</summary>
    public ArrayView<E> GradientOf(ArrayView<E> gradient, int direction) => directionOutputs is null
        ? gradient.SubView((long)direction * network.SizeOfH, gradient.Length - (long)direction * network.SizeOfH)
        : gradient;

    /// <summary>Adds a layer's two directions up, if that is what becomes of them.</summary>
    public void Sum(int layer, int rows)
    {
        if (directionOutputs is null) return;
        long n = (long)rows * network.SizeOfH;
        Outputs[layer].SubView(0, n).CopyFrom(network.Device.Stream, directionOutputs[2 * layer].SubView(0, n));
        add!.Run([], Outputs[layer].SubView(0, n), directionOutputs[2 * layer + 1].SubView(0, n));
    }

    ArrayView<T> New<T>(long length, Contents contents = Contents.Nothing) where T : unmanaged
    {
        DeviceArray<T> array = new(network.Device, length, contents);
        memory.Add(array);
        return array.View;
    }

    public void Dispose() => memory.ForEach(m => m.Dispose());
}

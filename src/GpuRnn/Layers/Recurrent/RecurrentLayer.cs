using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Memory;

namespace GpuRnn.Layers;

/// <summary>One layer in one direction: its parameters, the ways of running it, and its weights as these read them.</summary>
sealed class RecurrentLayer<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Parameters<E> parameters;
    readonly List<(CellTensor Tensor, Parameter Parameter)> tensors = [];
    readonly Dictionary<object, PackedWeights<E>> packed = [];
    readonly Dictionary<Storage, IReadOnlyList<Way<E>>> ways = [];
    ParameterViews<E>[]? values, gradients; // memory is made when it is first asked for, and stays where it is

    public RecurrentLayer(Parameters<E> parameters, LayerShape shape, bool reverse, RecurrentOptions options, string suffix)
    {
        this.parameters = parameters;
        (Shape, Reverse) = (shape, reverse);
        foreach (CellTensor tensor in shape.Cell.Tensors)
            if (options.Bias || tensor.Role is not (TensorRole.InputBias or TensorRole.HiddenBias))
                tensors.Add((tensor, parameters.Declare($"{options.Prefix}{tensor.Name}_{suffix}", ShapeOf(tensor))));
    }

    /// <summary>The ways of running it with weights and gates stored so: those of one storage share packed weights.</summary>
    public IReadOnlyList<Way<E>> Ways(Storage storage)
    {
        if (!ways.TryGetValue(storage, out IReadOnlyList<Way<E>>? those))
            ways.Add(storage, those = parameters.Device.Backend.Ways<E>(Shape, storage));
        return those;
    }

    int[] ShapeOf(CellTensor tensor) => tensor.Role switch
    {
        TensorRole.Input => [tensor.Blocks * Shape.Units, Shape.Inputs],
        TensorRole.Hidden => [tensor.Blocks * Shape.Units, Shape.Outputs],
        TensorRole.Projection => [Shape.Outputs, Shape.Units],
        _ => [tensor.Blocks * Shape.Units],
    };

    public LayerShape Shape { get; }
    public bool Reverse { get; }

    /// <summary>Its tensors, and where they stand among the model's parameters.</summary>
    public IReadOnlyList<(CellTensor Tensor, Parameter Parameter)> Tensors => tensors;

    /// <summary>
    /// Packs the weights for a way, if they have changed since or the backward pass needs what was not there; puts their views in place.
    /// </summary>
    public void Pack(Way<E> way, LayerProgram<E> program, bool training, ref SequenceArguments<E> a)
    {
        if (!packed.TryGetValue(way.Packing, out PackedWeights<E>? weights)) packed.Add(
            way.Packing, weights = new(parameters.Device, way.PackedSizes));
        bool stale = weights.Version != parameters.Version || training && !weights.Back;
        if (training) weights.MakeBack();
        weights.Fill(ref a);
        FillParameters(ref a);
        if (!stale) return;
        LayerProgram<E>.Run(program.Pack, a);
        weights.Version = parameters.Version;
    }

    /// <summary>The layer's sizes.</summary>
    public void FillSizes(ref SequenceArguments<E> a, int width)
    {
        (a.Inputs, a.Units, a.Outputs) = (Shape.Inputs, Shape.Units, Shape.Outputs);
        for (int i = 0; i < Shape.Stages.Count; i++)
        {
            StageShape stage = Shape.Stages[i];
            ref StageArguments<E> arguments = ref Stage(ref a, i);
            (arguments.Units, arguments.Operands, arguments.Panels, arguments.Keep) =
                (stage.Units, stage.Operands, PanelSizes.Panels(stage.Units, width), stage.IsReadAgain ? 1 : 0);
        }
    }

    void FillParameters(ref SequenceArguments<E> a)
    {
        values ??= Views(gradient: false);
        for (int i = 0; i < values.Length; i++) Stage(ref a, i).Parameters = values[i];
    }

    public void FillGradients(ref SequenceArguments<E> a)
    {
        gradients ??= Views(gradient: true);
        for (int i = 0; i < gradients.Length; i++) Stage(ref a, i).Gradients = gradients[i];
    }

    public static ref StageArguments<E> Stage(ref SequenceArguments<E> a, int index)
    {
        if (index == 0) return ref a.First;
        if (index == 1) return ref a.Second;
        return ref a.Third;
    }

    ParameterViews<E>[] Views(bool gradient) => [.. Enumerable.Range(0, Shape.Stages.Count).Select(stage => Views(stage, gradient))];

    /// <summary>The tensors of a stage: a projection has its own, all others share the gates'.</summary>
    ParameterViews<E> Views(int stage, bool gradient)
    {
        if (Shape.Cell.Projects && stage == Shape.Stages.Count - 1) return new() { HiddenWeights = View(TensorRole.Projection, gradient) };
        return new()
        {
            InputWeights = View(TensorRole.Input, gradient), HiddenWeights = View(TensorRole.Hidden, gradient),
            InputBias = View(TensorRole.InputBias, gradient), HiddenBias = View(TensorRole.HiddenBias, gradient),
            Unit = Shape.Stages[stage].Numbers.UnitParameters > 0 ? View(TensorRole.Unit, gradient) : default,
        };
    }

    /// <summary>All tensors of a role, which are neighbours in memory, as they were declared; empty if there are none.</summary>
    Buffer<E> View(TensorRole role, bool gradient)
    {
        long first = -1, length = 0;
        foreach ((CellTensor tensor, Parameter parameter) in tensors)
        {
            if (tensor.Role != role) continue;
            if (first < 0) first = parameter.Offset;
            length += parameter.Length;
        }
        return first < 0 ? default : parameters.Device.Buffer((gradient ? parameters.Gradients : parameters.Values).SubView(first, length));
    }

    public void Dispose()
    {
        foreach (PackedWeights<E> weights in packed.Values) weights.Dispose();
    }
}

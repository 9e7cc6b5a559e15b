using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>One layer in one direction: its parameters, and its weights as the device reads them.</summary>
sealed class RecurrentLayer<E> : IDisposable where E : unmanaged
{
    readonly Parameters<E> parameters;
    readonly Parameter inputWeights, hiddenWeights;
    readonly Parameter? inputBias, hiddenBias;
    readonly PackedStage first, second;
    readonly bool index;
    long packed;
    bool back;

    public RecurrentLayer(Parameters<E> parameters, Cell cell, int inputSize, int hiddenSize, bool reverse, bool bias, bool index, string prefix, string suffix)
    {
        this.parameters = parameters;
        this.index = index;
        (I, H, Reverse) = (inputSize, hiddenSize, reverse);
        Kernels = LayerKernels<E>.Of(parameters.Device, cell, hiddenSize, index);
        int rows = Kernels.Gates * hiddenSize;
        inputWeights = parameters.Declare($"{prefix}weight_ih_{suffix}", rows, inputSize);
        hiddenWeights = parameters.Declare($"{prefix}weight_hh_{suffix}", rows, hiddenSize);
        if (bias) inputBias = parameters.Declare($"{prefix}bias_{(Kernels.HasHiddenBias ? "ih_" : "")}{suffix}", rows);
        if (bias && Kernels.HasHiddenBias) hiddenBias = parameters.Declare($"{prefix}bias_hh_{suffix}", rows);
        Panels = (hiddenSize + Kernels.Width - 1) / Kernels.Width;
        first = new(Kernels.First, Device, I, H, Panels, Kernels.Width);
        second = new(Kernels.Second, Device, I, H, Panels, Kernels.Width);
    }

    public LayerKernels<E> Kernels { get; }
    public int I { get; }
    /// <summary>Elements of x that a product reads; none of an index.</summary>
    public int InputColumns => index ? 0 : I;
    public int H { get; }
    public bool Reverse { get; }
    public int Panels { get; }
    Device Device => parameters.Device;

    /// <summary>Packs the weights if they have changed since, or if the backward pass needs a packing that was not there.</summary>
    public void Pack(bool training)
    {
        if (packed == parameters.Version && (back || !training)) return;
        if (training && !back)
        {
            back = true;
            first.MakeBack(index);
            second.MakeBack(index);
        }
        SequenceArguments<E> a = default;
        Fill(ref a);
        int workers = Device.Kind == DeviceKind.Cpu ? Math.Min(Device.Workers, Panels) : Math.Max(Device.Workers, Panels);
        Kernels.Pack(Device.Stream, Plan.Config(Device, workers), a);
        packed = parameters.Version;
    }

    /// <summary>The views of the weights and of the layer's shape.</summary>
    public void Fill(ref SequenceArguments<E> a)
    {
        (a.I, a.H, a.Panels) = (I, H, Panels);
        first.Fill(ref a.First);
        second.Fill(ref a.Second);
        a.Parameters = Views(false);
    }

    public void FillGradients(ref SequenceArguments<E> a) => a.Gradients = Views(true);

    ParameterViews<E> Views(bool gradient) => new()
    {
        InputWeights = View(inputWeights, gradient), HiddenWeights = View(hiddenWeights, gradient),
        InputBias = View(inputBias, gradient), HiddenBias = View(hiddenBias, gradient),
    };

    Buffer<E> View(Parameter? parameter, bool gradient) => parameter is null ? default
        : Device.Buffer(gradient ? parameters.GradientOf(parameter) : parameters.ValueOf(parameter));

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    /// <summary>A stage's weights as the passes read them.</summary>
    sealed class PackedStage(StageCounts counts, Device device, int inputSize, int hiddenSize, int panels, int width) : IDisposable
    {
        DeviceArray<E>? input, hidden, bias, inputBack, hiddenBack;

        public void MakeBack(bool index)
        {
            if (counts.Slots == 0) return;
            long Columns(int columns, int gates) => (columns + width - 1) / width * width * (long)panels * gates * width;
            if (!index) inputBack = new(device, Columns(inputSize, counts.Input));
            hiddenBack = new(device, Columns(hiddenSize, counts.Hidden));
        }

        public void Fill(ref StageArguments<E> stage)
        {
            if (counts.Slots == 0) return;
            input ??= new(device, (long)panels * inputSize * counts.Input * width);
            hidden ??= new(device, (long)panels * hiddenSize * counts.Hidden * width);
            bias ??= new(device, (long)panels * counts.Slots * width);
            (stage.Input, stage.Hidden, stage.Bias) = (input.Buffer, hidden.Buffer, bias.Buffer);
            (stage.InputBack, stage.HiddenBack) = (inputBack?.Buffer ?? default, hiddenBack?.Buffer ?? default);
        }

        public void Dispose()
        {
            foreach (DeviceArray<E>? array in new[] { input, hidden, bias, inputBack, hiddenBack }) array?.Dispose();
        }
    }
}

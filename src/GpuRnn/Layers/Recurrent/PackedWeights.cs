using GpuRnn.Backends;
using GpuRnn.Devices;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Memory;

namespace GpuRnn.Layers;

/// <summary>A layer's weights as ways of one packing read them.</summary>
sealed class PackedWeights<E>(Device device, PackedSizes[] sizes) : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    readonly Stage[] stages = [.. sizes.Select(s => new Stage(device, s))];

    /// <summary>Of the parameters that were packed; 0 for none.</summary>
    public long Version { get; set; }

    /// <summary>Is there what a backward pass reads?</summary>
    public bool Back { get; private set; }

    public void MakeBack()
    {
        if (Back) return;
        foreach (Stage stage in stages) stage.MakeBack(device);
        Back = true;
    }

    public void Fill(ref SequenceArguments<E> a)
    {
        for (int i = 0; i < stages.Length; i++) stages[i].Fill(ref RecurrentLayer<E>.Stage(ref a, i));
    }

    public void Dispose()
    {
        foreach (Stage stage in stages) stage.Dispose();
    }

    sealed class Stage(Device device, PackedSizes sizes) : IDisposable
    {
        readonly DeviceArray<byte> input = new(device, sizes.Input, Contents.Nothing), hidden = new(device, sizes.Hidden, Contents.Nothing);
        readonly DeviceArray<E> bias = new(device, sizes.Bias, Contents.Nothing), unit = new(device, sizes.Unit, Contents.Nothing);
        DeviceArray<byte>? inputBack, hiddenBack;

        public void MakeBack(Device device) => (inputBack, hiddenBack) =
            (new(device, sizes.InputBack, Contents.Nothing), new(device, sizes.HiddenBack, Contents.Nothing));

        public void Fill(ref StageArguments<E> a)
        {
            (a.Input, a.Hidden, a.Bias, a.Unit) = (input.Buffer, hidden.Buffer, bias.Buffer, unit.Buffer);
            (a.InputBack, a.HiddenBack) = (inputBack?.Buffer ?? default, hiddenBack?.Buffer ?? default);
        }

        public void Dispose()
        {
            foreach (IDisposable? array in new IDisposable?[] { input, hidden, bias, unit, inputBack, hiddenBack }) array?.Dispose();
        }
    }
}

using GpuRnn.Layers;
using GpuRnn.Models;
using ILGPU;

namespace GpuRnn.Tests.Training;

/// <summary>No two parts of a model draw the same masks, and the same part of another plan draws the same ones.</summary>
public class DropoutPlaceTests
{
    const int T = 4, B = 5, H = 64;

    static readonly DropoutOptions s_half = new() { Rate = 0.5, Seed = 7 };

    static bool[] Kept(Device device, ArrayView<float> view, int count)
    {
        float[] numbers = new float[count];
        GpuRnn.Memory.DeviceCopy.Download(device, view.SubView(0, count), numbers);
        return [.. numbers.Select(v => v != 0)];
    }

    /// <summary>
    /// What the masks between layers leave of outputs that are never 0: of a layer, in the upper layer's input gradient and so in the
    /// lower layer's dy.
    /// </summary>
    static List<bool[]> LayerMasks(Pass<float> pass, int layers)
    {
        int rows = pass.Steps * pass.Sequences * pass.OutputSize;
        return [.. Enumerable.Range(0, layers - 1).Select(l => Kept(pass.Device, pass.DroppedOf(l), rows))];
    }

    [Test]
    public void EncoderAndDecoderDrawMasksOfTheirOwn()
    {
        Device device = TestDevices.Get("cpu");
        using Parameters<float> parameters = new(device);
        using Recurrent<float> encoder = new(parameters, Cell.RnnTanh, 3, H, new() { Layers = 3, Prefix = "encoder." });
        using Recurrent<float> decoder = new(parameters, Cell.RnnTanh, 3, H, new() { Layers = 3, Prefix = "decoder." });
        encoder.Initialize(1);
        decoder.Initialize(2);
        PassOptions options = new() { Training = true, Dropout = s_half };
        using Pass<float> e = encoder.Plan(T, B, options), d = decoder.Plan(T, B, options), again = decoder.Plan(T, B, options);
        float[] x = [.. Enumerable.Range(1, T * B * 3).Select(i => 0.1f * i)];
        foreach (Pass<float> pass in new[] { e, d, again }) pass.Forward(x, []);
        List<bool[]> masks = [.. LayerMasks(e, 3), .. LayerMasks(d, 3)];
        foreach (Pass<float> pass in new[] { e, d })
            for (int i = 0; i < 2; i++)
            {
                DropoutPass<float> dropout = new Dropout(s_half).Plan(pass);
                dropout.Forward(0);
                masks.Add(Kept(device, dropout.Output, T * B * H));
            }
        for (int i = 0; i < masks.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.That(masks[i].Zip(masks[j]).Count(p => p.First == p.Second) / (double)masks[i].Length, Is.EqualTo(0.5).Within(0.08),
                    $"{i} and {j}");
        Assert.That(LayerMasks(again, 3), Is.EqualTo(LayerMasks(d, 3)), "masks are a function of the place, not of the plan");
    }

    /// <summary>An encoder-decoder's parts: two layers of dropout on each side, dense layers before, the output behind.</summary>
    [Test]
    public void ModelsHandOutPlaces()
    {
        using EncoderDecoder<float> model = new(TestDevices.Get("cpu"),
            new() { SourceSize = 3, SourceIsIndex = false, SourceLayers = [8, 8], TargetSize = 5, Hidden = 8, Layers = 2 });
        int[] recurrent = [model.Encoder.FirstPlace, model.Encoder.FirstPlace + 1, model.Decoder.FirstPlace, model.Decoder.FirstPlace + 1];
        int[] dense = [EncoderDecoder<float>.SourcePlace, EncoderDecoder<float>.SourcePlace + 1, EncoderDecoder<float>.OutputPlace];
        Assert.That(recurrent.Concat(dense).Distinct().Count(), Is.EqualTo(7));
    }
}

using GpuRnn.Layers;
using GpuRnn.Models;
using ILGPU;

namespace GpuRnn.Tests.Training;

/// <summary>No two parts of a model draw the same masks, and the same part of another plan draws the same ones.</summary>
public class DropoutPlaceTests
{
    const int H = 512;

    static readonly DropoutOptions s_half = new() { Rate = 0.5, Seed = 7 };

    static bool[] Kept(Device device, ArrayView<float> view, int count)
    {
        float[] numbers = new float[count];
        GpuRnn.Memory.DeviceCopy.Download(device, view.SubView(0, count), numbers);
        return [.. numbers.Select(v => v != 0)];
    }

    /// <summary>
    /// The masks between layers, after one step of one sequence: a layer's gradient is 0 in the columns of what it was not given.
    /// </summary>
    static List<bool[]> LayerMasks(Pass<float> pass, string prefix, int layers)
    {
        pass.Backward(Enumerable.Repeat(1f, H).ToArray());
        return [.. Enumerable.Range(1, layers - 1).Select(l => pass.Network.Parameters.GetGradient($"{prefix}weight_ih_l{l}"))
            .Select(g => (bool[])[.. Enumerable.Range(0, H).Select(k => Enumerable.Range(0, H).Any(j => g[j * H + k] != 0))])];
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
        using Pass<float> e = encoder.Plan(1, 1, options), d = decoder.Plan(1, 1, options), again = decoder.Plan(1, 1, options);
        float[] x = [.. Enumerable.Range(1, 3).Select(i => 0.1f * i)];
        foreach (Pass<float> pass in new[] { e, d, again }) pass.Forward(x, []);
        List<bool[]> masks = [.. LayerMasks(e, "encoder.", 3), .. LayerMasks(d, "decoder.", 3)];
        foreach (Pass<float> pass in new[] { e, d })
            for (int i = 0; i < 2; i++)
            {
                DropoutPass<float> dropout = new Dropout(s_half).Plan(pass);
                dropout.Forward(0);
                masks.Add(Kept(device, dropout.Output, H));
            }
        for (int i = 0; i < masks.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.That(masks[i].Zip(masks[j]).Count(p => p.First == p.Second) / (double)masks[i].Length, Is.EqualTo(0.5).Within(0.08),
                    $"{i} and {j}");
        Assert.That(LayerMasks(again, "decoder.", 3), Is.EqualTo(masks[2..4]), "masks are a function of the place, not of the plan");
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

using System.Text;
using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Models;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>Writes text with a model, one character after another, each drawn as <see cref="Sampling"/> says.</summary>
public static class TextSampler
{
    public static string Sample(
        TextModel model, Vocabulary vocabulary, string prompt, int length,
        Sampling sampling, int seed, CancellationToken cancel = default)
    {
        using Pass<float> pass = model.Network.Plan(1, 1);
        using DensePass<float> head = model.Head.Plan(pass);
        SplitMix random = new((ulong)seed);
        int[] codes = prompt.Length > 0 ? vocabulary.Encode(prompt, "The prompt", cancel)
            : [Math.Max(0, vocabulary.NumberOf(new Rune('\n')))];
        List<int> written = [];
        float[] outputs = new float[vocabulary.Size];
        for (int i = 0; i < codes.Length + length - 1; i++)
        {
            cancel.ThrowIfCancellationRequested();
            int[] input = [i < codes.Length ? codes[i] : written[^1]];
            if (i > 0) pass.CarryStates();
            pass.Forward(input, []);
            if (i < codes.Length - 1) continue;
            head.Forward();
            head.ReadOutputs(outputs);
            written.Add(sampling.Draw(outputs, random));
        }
        return vocabulary.Decode(written);
    }
}

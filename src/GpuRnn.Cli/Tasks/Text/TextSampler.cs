using System.Text;
using GpuRnn.Data;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>Writes text with a model, one character after another, each drawn from softmax(outputs / temperature).</summary>
static class TextSampler
{
    public static string Sample(TextModel model, Vocabulary vocabulary, string prompt, int length, double temperature, int seed, CancellationToken cancel = default)
    {
        using Pass<float> pass = model.Network.Plan(1, 1);
        using DensePass<float> head = model.Head.Plan(pass);
        SplitMix random = new((ulong)seed);
        int[] codes = prompt.Length > 0 ? vocabulary.Encode(prompt, "The prompt") : [Math.Max(0, vocabulary.NumberOf(new Rune('\n')))];
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
            written.Add(Draw(outputs, temperature, random));
        }
        return vocabulary.Decode(written);
    }

    /// <summary>At temperature 0 the likeliest one.</summary>
    static int Draw(float[] outputs, double temperature, SplitMix random)
    {
        int best = Array.IndexOf(outputs, outputs.Max());
        if (temperature == 0) return best;
        double[] powers = [.. outputs.Select(o => Math.Exp((o - outputs[best]) / temperature))];
        double left = (random.Next() >> 11) / (double)(1L << 53) * powers.Sum();
        for (int i = 0; i < powers.Length; i++)
            if ((left -= powers[i]) < 0) return i;
        return best;
    }
}

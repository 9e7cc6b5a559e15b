using System.Numerics;
using GpuRnn.Data;

namespace GpuRnn.Models;

/// <summary>How an index is drawn from a row of outputs: softmax(outputs / temperature), among the likeliest.</summary>
public sealed record Sampling
{
    /// <summary>How to draw.</summary>
    /// <param name="temperature">Below 1 bolder, above 1 wilder; 0 for the likeliest, the first of equals.</param>
    /// <param name="topK">Among the k likeliest only (Fan, Lewis and Dauphin 2018); 0 for all.</param>
    /// <param name="topP">Among the fewest of the likeliest whose probabilities sum to p or more (Holtzman et al. 2020); 1 for all.</param>
    /// <exception cref="BadArgumentException">A temperature or k below 0, or p that is not above 0 and at most 1.</exception>
    public Sampling(double temperature = 1, int topK = 0, double topP = 1)
    {
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new BadArgumentException($"A temperature of {temperature} cannot be: 0 or above.");
        if (topK < 0) throw new BadArgumentException($"The {topK} likeliest cannot be drawn among: 0 (all) or more.");
        if (!(topP > 0 && topP <= 1)) throw new BadArgumentException($"The likeliest {topP} cannot be drawn among: above 0, at most 1.");
        (Temperature, TopK, TopP) = (temperature, topK, topP);
    }

    /// <summary>Below 1 bolder, above 1 wilder; 0 for the likeliest.</summary>
    public double Temperature { get; }
    /// <summary>How many are drawn among; 0 for all.</summary>
    public int TopK { get; }
    /// <summary>The share that is drawn among; 1 for all.</summary>
    public double TopP { get; }

    /// <summary>Draws one.</summary>
    /// <param name="outputs">A number for each index: logits.</param>
    /// <param name="random">Where randomness comes from; not asked at temperature 0.</param>
    /// <exception cref="BadArgumentException">There are no outputs.</exception>
    /// <exception cref="NotFiniteException">An output is not a number.</exception>
    public int Draw(ReadOnlySpan<float> outputs, SplitMix random) => Drawn(outputs, random);

    /// <summary>Draws one from outputs of double precision.</summary>
    /// <param name="outputs">A number for each index: logits.</param>
    /// <param name="random">Where randomness comes from; not asked at temperature 0.</param>
    /// <exception cref="BadArgumentException">There are no outputs.</exception>
    /// <exception cref="NotFiniteException">An output is not a number.</exception>
    public int Draw(ReadOnlySpan<double> outputs, SplitMix random) => Drawn(outputs, random);

    int Drawn<E>(ReadOnlySpan<E> outputs, SplitMix random) where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(random);
        if (outputs.Length == 0) throw new BadArgumentException("There are no outputs to draw from.");
        for (int i = 0; i < outputs.Length; i++)
            if (E.IsNaN(outputs[i])) throw new NotFiniteException($"Output {i} of {outputs.Length} is not a number: nothing can be drawn.");
        int[] order = new int[outputs.Length];
        E[] keys = new E[outputs.Length];
        for (int i = 0; i < order.Length; i++) (order[i], keys[i]) = (i, -outputs[i]);
        if (Temperature == 0) return Array.IndexOf(keys, keys.Min());
        // of equal outputs the one of the lower index comes first, on every platform
        if (TopK > 0 || TopP < 1) Array.Sort(order, (a, b) => keys[a].CompareTo(keys[b]) is not 0 and var sign ? sign : a.CompareTo(b));
        E most = -keys.Min();
        int count = TopK > 0 ? Math.Min(TopK, order.Length) : order.Length;
        double[] powers = new double[count];
        double sum = 0;
        // infinite outputs share all of the probability, as finite ones do on their way there
        for (int i = 0; i < count; i++)
            sum += powers[i] = outputs[order[i]] == most ? 1 : Math.Exp(double.CreateChecked(outputs[order[i]] - most) / Temperature);
        if (TopP < 1) sum = Cut(powers, ref count, sum);
        double left = random.Uniform() * sum;
        for (int i = 0; i < count; i++)
            if ((left -= powers[i]) < 0) return order[i];
        return order[count - 1];
    }

    double Cut(double[] powers, ref int count, double sum)
    {
        double kept = 0;
        for (int i = 0; i < count; i++)
            if ((kept += powers[i]) >= TopP * sum)
            {
                count = i + 1;
                break;
            }
        return kept;
    }
}

using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Probabilities from outputs that the program has read.</summary>
static class Softmax
{
    /// <summary>e^y / sum of e^y.</summary>
    public static void Of<E>(ReadOnlySpan<E> outputs, Span<double> probabilities) where E : unmanaged, IFloatingPointIeee754<E>
    {
        double most = Most(outputs), sum = Sum(outputs, most);
        for (int i = 0; i < outputs.Length; i++) probabilities[i] = Math.Exp(Element.ToDouble(outputs[i]) - most) / sum;
    }

    /// <summary>The logarithm of the sum of e^y; not a number where the outputs have no largest finite one.</summary>
    public static double LogSum<E>(ReadOnlySpan<E> outputs) where E : unmanaged, IFloatingPointIeee754<E>
    {
        double most = Most(outputs);
        return most + Math.Log(Sum(outputs, most));
    }

    static double Most<E>(ReadOnlySpan<E> outputs) where E : unmanaged, IFloatingPointIeee754<E>
    {
        double most = double.NegativeInfinity;
        foreach (E y in outputs) most = Math.Max(most, Element.ToDouble(y));
        return most;
    }

    static double Sum<E>(ReadOnlySpan<E> outputs, double most) where E : unmanaged, IFloatingPointIeee754<E>
    {
        double sum = 0;
        foreach (E y in outputs) sum += Math.Exp(Element.ToDouble(y) - most);
        return sum;
    }
}

using System.Runtime.CompilerServices;
using GpuRnn.Data;
using GpuRnn.Memory;

namespace GpuRnn.Layers;

/// <summary>First values of parameters.</summary>
static class Initializer
{
    /// <summary>Uniform numbers from [-bound, bound), drawn for this tensor from a seed and its place among the parameters.</summary>
    public static void Uniform<E>(Parameters<E> parameters, Parameter parameter, double bound, int seed)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        SplitMix random = new((ulong)seed * 1_000_003 + (ulong)parameter.Offset);
        E[] data = new E[parameter.Length];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = Element.Of<E>((2 * random.Uniform() - 1) * bound);
        }
        parameters.Set(parameter.Name, data);
    }

    /// <summary>One number in every place.</summary>
    public static void Constant<E>(Parameters<E> parameters, Parameter parameter, double value)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        E[] data = new E[parameter.Length];
        data.AsSpan().Fill(Element.Of<E>(value));
        parameters.Set(parameter.Name, data);
    }
}

/// <summary>Conversions between the element type and double.</summary>
static class Element
{
    public static E Of<E>(double value) where E : unmanaged, IFloatingPointIeee754<E> => E.CreateTruncating(value);

    public static double ToDouble<E>(E value) where E : unmanaged, IFloatingPointIeee754<E> => double.CreateTruncating(value);
}

using System.Numerics;
using GpuRnn.Data;
using GpuRnn.Layers;
using MathNet.Numerics.LinearAlgebra;

namespace GpuRnn.Lecture.Labs;

/// <summary>Matrices W_hh to begin with, and their singular values.</summary>
static class HiddenWeights
{
    /// <summary>
    /// A rotation, the same for a seed: the Q of a matrix of normal numbers, times a scale. All its singular values are the scale.
    /// </summary>
    public static Matrix<double> Orthogonal(int size, double scale, int seed)
    {
        SplitMix random = new((ulong)seed);
        return Matrix<double>.Build.Dense(size, size, (_, _) => random.Normal()).QR().Q * scale;
    }

    /// <summary>The unit matrix.</summary>
    public static Matrix<double> Identity(int size) => Matrix<double>.Build.DenseIdentity(size);

    /// <summary>
    /// Normal numbers of deviation scale / sqrt(H): the spectral radius is about the scale, the largest singular value about twice that.
    /// </summary>
    public static Matrix<double> Normal(int size, double scale, int seed)
    {
        SplitMix random = new((ulong)seed);
        return Matrix<double>.Build.Dense(size, size, (_, _) => random.Normal() * scale / Math.Sqrt(size));
    }

    /// <summary>Writes W_hh of a cell of one gate, row-major, and clears biases.</summary>
    public static void Set<E>(Recurrent<E> network, Matrix<double> w) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        network.Parameters.Set("weight_hh_l0", w.ToRowMajorArray().Select(E.CreateChecked).ToArray());
        foreach (Parameter p in network.Parameters.All.Where(p => p.Name.StartsWith("bias", StringComparison.Ordinal)))
            network.Parameters.Set(p.Name, new E[p.Length]);
    }

    /// <summary>W_hh of a cell of one gate as it is now.</summary>
    public static Matrix<double> Get<E>(Recurrent<E> network) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        int h = network.HiddenSize;
        return Matrix<double>.Build.DenseOfRowMajor(h, h, network.Parameters.Get("weight_hh_l0").Select(double.CreateChecked));
    }

    /// <summary>Largest first.</summary>
    public static double[] SingularValues(Matrix<double> w) => [.. w.Svd(computeVectors: false).S];
}

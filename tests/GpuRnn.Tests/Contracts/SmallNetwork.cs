using GpuRnn.Layers;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Contracts;

/// <summary>A network in double precision with its reference, small enough for both to be run many times.</summary>
sealed class SmallNetwork : IDisposable
{
    public const int T = 4, B = 3, I = 2, H = 5;

    readonly Dictionary<string, double[]> weights = [];

    public SmallNetwork(string device, string cell = "lstm", int layers = 1, PassOptions? options = null)
    {
        CellName = cell;
        Layers = layers;
        Network = new(TestDevices.Get(device), Cell.Named(cell), I, H, new() { Layers = layers });
        foreach (Parameter p in Network.Parameters.All) Set(p.Name, Numbers.Random((int)p.Length, (int)p.Offset + 1));
        Pass = Network.Plan(T, B, options ?? new() { Training = true });
    }

    public string CellName { get; }
    public int Layers { get; }
    public Recurrent<double> Network { get; }
    public Pass<double> Pass { get; }
    public int States => Layers * B * H;

    public void Set(string name, double[] values)
    {
        weights[name] = values;
        Network.Parameters.Set(name, values);
    }

    public double[] X(int seed, int steps = T, int sequences = B) => Numbers.Random(steps * sequences * I, 100 + seed);
    public double[] Dy(int seed, int steps = T, int sequences = B) => Numbers.Random(steps * sequences * H, 200 + seed);
    public double[] H0(int seed) => Numbers.Random(States, 300 + seed);
    public double[]? C0(int seed) => Network.HasC ? Numbers.Random(States, 400 + seed) : null;

    /// <summary>What is right, with the weights as they are now.</summary>
    public ReferenceResult Right(
        double[] x, double[]? dy = null, double[]? h0 = null, double[]? c0 = null, int steps = T, int sequences = B) =>
        new ReferenceNetwork(CellName, I, H, Layers, ReferenceDirections.Forward, new Dictionary<string, double[]>(weights))
            .Run(x, steps, sequences, h0: h0, c0: c0, dy: dy ?? new double[steps * sequences * H]);

    public void AssertGradients(ReferenceResult right, string what = "")
    {
        foreach ((string name, double[] expected) in right.Gradients)
            Assert.That(Numbers.Error(Network.Parameters.GetGradient(name), expected), Is.LessThan(1e-12), $"{what} {name}");
    }

    public static void AssertSame(double[] got, double[] expected, string what = "") =>
        Assert.That(Numbers.Error(got, expected), Is.LessThan(1e-12), what);

    public void Dispose()
    {
        Pass.Dispose();
        Network.Dispose();
    }
}

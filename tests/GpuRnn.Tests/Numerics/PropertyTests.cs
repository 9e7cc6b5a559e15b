using FsCheck;
using FsCheck.Fluent;
using GpuRnn.Layers;
using GpuRnn.Tests.Cells;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Numerics;

/// <summary>Whatever the shape, the options, the vectors and the element type: right, within the bounds.</summary>
public class PropertyTests
{
    static readonly int[] s_bits = [128, 256, 512];
    readonly Dictionary<int, Device> devices = s_bits.ToDictionary(b => b, b => Device.Open("cpu", new() { VectorBits = b }));

    [OneTimeTearDown]
    public void Close()
    {
        foreach (Device device in devices.Values) device.Dispose();
    }

    static readonly Gen<(Case Case, int Bits, bool Wide)> s_cases =
        from cell in Gen.Elements<string>([.. Cell.All.Select(c => c.Name), .. TestCell.Names])
        from t in Gen.Choose(1, 7)
        from b in Gen.Choose(1, 14)
        from i in Gen.Choose(1, 20)
        from h in Gen.Choose(TestCell.Find(cell)?.FewestHidden ?? 1, 50)
        from layers in Gen.Choose(1, 2)
        from directions in Gen.Elements(Enum.GetValues<Directions>())
        from lengths in Gen.Choose(0, t).ArrayOf(b)
        from ragged in Gen.Elements(true, false)
        from bias in Gen.Elements(true, false)
        from states in Gen.Elements(true, false)
        from strategy in Gen.Elements(Strategy.SequencesOwned, Strategy.HiddenOwned, (Strategy?)null)
        from batchFirst in Gen.Elements(true, false)
        from seed in Gen.Choose(1, 1000)
        from recompute in Gen.Choose(0, 4)
        from bits in Gen.Elements(s_bits)
        from wide in Gen.Elements(true, false)
        select (new Case(cell, t, b, i, h, layers, directions, ragged ? lengths : null, bias, states, strategy, batchFirst, seed,
            recompute), bits, wide);

    [Test]
    public void AnyNetworkAnyBatch() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Arb.From(s_cases), c =>
        c.Wide ? Holds<double>(c.Case, c.Bits, 1e-12, 1e-12) : Holds<float>(c.Case, c.Bits, 1e-5, 3e-5)));

    /// <summary>
    /// The error of a parameter's gradient. One of a few numbers may be a sum whose terms leave nothing of each other, and its rounding is
    /// that of the terms: such a one is measured by the largest gradient of its layer, all of which are sums of the same terms.
    /// </summary>
    static double Error<E>(string name, E[] got, IReadOnlyDictionary<string, double[]> expected)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        double[] right = expected[name];
        if (right.Length > 15) return Numbers.Error(got, right);
        string layer = name[name.IndexOf("_l", StringComparison.Ordinal)..];
        double most = expected.Where(g => g.Key.EndsWith(layer, StringComparison.Ordinal)).Max(g => g.Value.Max(Math.Abs));
        return most == 0 ? Numbers.Error(got, right) : right.Zip(got, (r, g) => Math.Abs(r - double.CreateChecked(g))).Max() / most;
    }

    Property Holds<E>(Case c, int bits, double outputBound, double gradientBound) where E : unmanaged, IFloatingPointIeee754<E>
    {
        Outcome<E> got = Outcome<E>.Of(devices[bits], c, out ReferenceResult expected);
        double outputs = new[] { Numbers.Error(got.Y, expected.Y), Numbers.Error(got.Hn, expected.Hn),
            Numbers.Error(got.Cn, expected.Cn) }.Max();
        double gradients = new[] { Numbers.Error(got.Dx, expected.Dx), Numbers.Error(got.Dh0, expected.Dh0),
            Numbers.Error(got.Dc0, expected.Dc0) }
            .Concat(expected.Gradients.Select(g => Error(g.Key, got.Gradients[g.Key], expected.Gradients))).Max();
        return (outputs <= outputBound && gradients <= gradientBound)
            .Label($"{c}, {bits} bits, {typeof(E).Name}: outputs {outputs:e1}, gradients {gradients:e1}");
    }
}

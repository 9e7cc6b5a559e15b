using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Reference;

/// <summary>The reference itself against difference quotients and against what was worked out by hand.</summary>
public class ReferenceTests
{
    const int I = 2, H = 3, T = 4, B = 3;
    static readonly int[] s_lengths = [4, 0, 2];
    static readonly string[] s_cells = [.. Layers.Cell.All.Select(c => c.Name), .. TestCell.Names];

    /// <summary>All that goes into a run, in arrays that can be changed one number at a time.</summary>
    sealed record Case(string Cell, ReferenceDirections Directions, int Layers, Dictionary<string, double[]> Parameters,
        double[] X, double[] H0, double[] C0, double[] Dy, double[] Dhn, double[] Dcn)
    {
        public static Case Random(string cell, ReferenceDirections directions, int layers, int seed, bool bias = true)
        {
            Random random = new(seed);
            double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
            int both = directions is ReferenceDirections.Concatenated or ReferenceDirections.Summed ? 2 : 1;
            int size = ReferenceCell.SizeOfH(cell, H), width = directions == ReferenceDirections.Concatenated ? 2 * size : size,
                h = layers * both * B * size, c = layers * both * B * H;
            return new(cell, directions, layers, ReferenceNetwork.Shapes(cell, I, H, layers, directions, bias)
                    .ToDictionary(shape => shape.Name, shape => Numbers(shape.Rows * shape.Columns)),
                Numbers(T * B * I), Numbers(h), Numbers(c), Numbers(T * B * width), Numbers(h), Numbers(c));
        }

        public ReferenceResult Run(int[]? lengths) => new ReferenceNetwork(Cell, I, H, Layers, Directions, Parameters)
            .Run(X, T, B, lengths, H0, HasC ? C0 : null, Dy, Dhn, HasC ? Dcn : null);

        public double Loss(int[]? lengths)
        {
            ReferenceResult result = Run(lengths);
            return Sum(result.Y, Dy) + Sum(result.Hn, Dhn) + Sum(result.Cn, Dcn);
        }

        bool HasC => Cell.Contains("lstm");

        static double Sum(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();
    }

    [Test]
    public void GradientsAreDifferenceQuotients([ValueSource(nameof(s_cells))] string cell, [Values] ReferenceDirections directions)
    {
        Case random = Case.Random(cell, directions, layers: 2, seed: 1);
        ReferenceResult result = random.Run(s_lengths);
        AssertGradient(random, random.X, result.Dx, "x");
        AssertGradient(random, random.H0, result.Dh0, "h0");
        if (result.Dc0.Length > 0) AssertGradient(random, random.C0, result.Dc0, "c0");
        Assert.That(result.Gradients.Keys, Is.EqualTo(random.Parameters.Keys));
        foreach ((string name, double[] gradient) in result.Gradients) AssertGradient(random, random.Parameters[name], gradient, name);
    }

    static void AssertGradient(Case of, double[] values, double[] gradient, string name)
    {
        const double Step = 1e-4;
        Assert.That(gradient, Has.Length.EqualTo(values.Length));
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            double Loss(double steps)
            {
                values[i] = value + steps * Step;
                return of.Loss(s_lengths);
            }
            // of fourth order: what is left is of the size of rounding
            double slope = (8 * (Loss(1) - Loss(-1)) - (Loss(2) - Loss(-2))) / (12 * Step);
            values[i] = value;
            Assert.That(gradient[i], Is.EqualTo(slope).Within(1e-8), $"{name}[{i}]");
        }
    }

    // sigmoid(ln k) = k / (k + 1) and tanh(ln 2) = 0.6: i = 3/4, f = 1/2, g = 0.6, o = 2/3, and c0 such that c = ln 2. Each gate's
    // argument is w x + u h0 + b_ih + b_hh with x = 2 and h0 = 3.
    [Test]
    public void AnLstmStepIsAsWorkedOutByHand()
    {
        double ln2 = Math.Log(2), ln3 = Math.Log(3), c0 = 2 * (ln2 - 0.45);
        Dictionary<string, double[]> parameters = new()
        {
            ["weight_ih_l0"] = [0.5, -1, 1.5, 0.25],
            ["weight_hh_l0"] = [1, 0.5, -0.5, -0.75],
            ["bias_ih_l0"] = [ln3, 0.5, 0, 2],
            ["bias_hh_l0"] = [-4, 0, ln2 - 1.5, ln2 - 0.25],
        };
        ReferenceResult result = new ReferenceNetwork("lstm", 1, 1, 1, ReferenceDirections.Forward, parameters)
            .Run([2], 1, 1, h0: [3], c0: [c0], dy: [1], dcn: [0.1]);
        Assert.That(result.Y, Is.EqualTo(new[] { 0.4 }).Within(1e-12), "2/3 * 0.6");
        Assert.That(result.Hn, Is.EqualTo(result.Y));
        Assert.That(result.Cn, Is.EqualTo(new[] { ln2 }).Within(1e-12));

        double dc = 0.1 + 2.0 / 3 * (1 - 0.36);
        double[] gates = [dc * 0.6 * 3 / 16, dc * c0 / 4, dc * 0.75 * (1 - 0.36), 0.6 * 2 / 9];
        AssertGates(result, gates, gates, x: 2, h0: 3);
        Assert.That(result.Dc0, Is.EqualTo(new[] { dc / 2 }).Within(1e-12));
        Assert.That(result.Dx, Is.EqualTo(new[] { 0.5 * gates[0] - gates[1] + 1.5 * gates[2] + 0.25 * gates[3] }).Within(1e-12));
        Assert.That(result.Dh0, Is.EqualTo(new[] { gates[0] + 0.5 * gates[1] - 0.5 * gates[2] - 0.75 * gates[3] }).Within(1e-12));
    }

    // r = 3/4, z = 1/4, and u_n h0 + b_hn = 2, of which r leaves 1.5, so that n = tanh(ln 2) = 0.6.
    [Test]
    public void AGruStepIsAsWorkedOutByHand()
    {
        double ln2 = Math.Log(2), ln3 = Math.Log(3);
        Dictionary<string, double[]> parameters = new()
        {
            ["weight_ih_l0"] = [0.5, -1, 1.5],
            ["weight_hh_l0"] = [1, 0.5, 0.5],
            ["bias_ih_l0"] = [ln3, 0.5, ln2 - 4.5],
            ["bias_hh_l0"] = [-4, -ln3, 0.5],
        };
        ReferenceResult result = new ReferenceNetwork("gru", 1, 1, 1, ReferenceDirections.Forward, parameters)
            .Run([2], 1, 1, h0: [3], dhn: [1]);
        Assert.That(result.Y, Is.EqualTo(new[] { 1.2 }).Within(1e-12), "3/4 * 0.6 + 1/4 * 3");
        Assert.That(result.Hn, Is.EqualTo(result.Y));

        double dn = 0.75 * (1 - 0.36), dr = dn * 2 * 3 / 16, dz = (3 - 0.6) * 3 / 16;
        AssertGates(result, [dr, dz, dn], [dr, dz, dn * 0.75], x: 2, h0: 3);
        Assert.That(result.Dx, Is.EqualTo(new[] { 0.5 * dr - dz + 1.5 * dn }).Within(1e-12));
        Assert.That(result.Dh0, Is.EqualTo(new[] { dr + 0.5 * dz + 0.5 * 0.75 * dn + 0.25 }).Within(1e-12));
    }

    static void AssertGates(ReferenceResult result, double[] input, double[] hidden, double x, double h0)
    {
        Assert.That(result.Gradients["bias_ih_l0"], Is.EqualTo(input).Within(1e-12));
        Assert.That(result.Gradients["bias_hh_l0"], Is.EqualTo(hidden).Within(1e-12));
        Assert.That(result.Gradients["weight_ih_l0"], Is.EqualTo(input.Select(gate => gate * x)).Within(1e-12));
        Assert.That(result.Gradients["weight_hh_l0"], Is.EqualTo(hidden.Select(gate => gate * h0)).Within(1e-12));
    }

    // Of two units relevance (3/4, 1/4) lets h0 = (2, 4) through as (1.5, 1). The candidate of each reads the other: 2 * 1 and -1.5.
    [TestCase("relevance_lstm", 0.6)]
    [TestCase("relevance_lstm_tanh", 0.53704956699803529)]
    public void ARelevanceStepIsAsWorkedOutByHand(string cell, double output)
    {
        double ln2 = Math.Log(2), ln3 = Math.Log(3);
        double[] hidden = new double[10 * 2];
        (hidden[8 * 2 + 1], hidden[9 * 2]) = (2, -1);
        Dictionary<string, double[]> parameters = new()
        {
            ["weight_ih_l0"] = [.. new double[9], 0.1],
            ["weight_hh_l0"] = hidden,
            ["bias_l0"] = [ln3, 0, ln3, -ln3, -ln3, ln2, 0, ln3, ln2 - 2, ln2 + 1],
        };
        ReferenceResult result = new ReferenceNetwork(cell, 1, 2, 1, ReferenceDirections.Forward, parameters)
            .Run([5], 1, 1, h0: [2, 4], c0: [0.6, 0.45]);
        Assert.That(result.Cn, Is.EqualTo(new[] { 0.6, 0.6 }).Within(1e-12), "3/4 * 0.6 + 1/4 * 0.6 and 1/2 * 0.6 + 2/3 * 0.45");
        Assert.That(result.Hn, Is.EqualTo(new[] { output / 2, output * 3 / 4 }).Within(1e-12));
    }

    [Test]
    public void SequencesKnowNothingOfEachOtherAndOfPadding(
        [ValueSource(nameof(s_cells))] string cell, [Values] ReferenceDirections directions)
    {
        Case together = Case.Random(cell, directions, layers: 1, seed: 2);
        int R = ReferenceCell.SizeOfH(cell, H), width = together.Dy.Length / (T * B);
        for (int element = 0; element < T * B; element++)
            if (element / B >= s_lengths[element % B])
            {
                Array.Fill(together.X, double.NaN, element * I, I);
                Array.Fill(together.Dy, double.NaN, element * width, width);
            }
        ReferenceResult all = together.Run(s_lengths);
        for (int b = 0; b < B; b++)
        {
            double[] Own(double[] values, int rows) => [.. values.Chunk(rows).Where((_, row) => row % B == b).SelectMany(row => row)];
            double[] Real(double[] values, int rows) => Own(values, rows)[..(s_lengths[b] * rows)];
            ReferenceResult alone = new ReferenceNetwork(cell, I, H, 1, directions, together.Parameters).Run(Real(together.X, I),
                s_lengths[b], 1, null, Own(together.H0, R), all.Cn.Length > 0 ? Own(together.C0, H) : null, Real(together.Dy, width),
                Own(together.Dhn, R), all.Cn.Length > 0 ? Own(together.Dcn, H) : null);
            Assert.That(Own(all.Y, width), Is.EqualTo((double[])[.. alone.Y, .. new double[(T - s_lengths[b]) * width]]));
            Assert.That(Own(all.Dx, I), Is.EqualTo((double[])[.. alone.Dx, .. new double[(T - s_lengths[b]) * I]]));
            Assert.That(Own(all.Hn, R), Is.EqualTo(s_lengths[b] == 0 ? Own(together.H0, R) : alone.Hn));
            Assert.That(Own(all.Dh0, R), Is.EqualTo(alone.Dh0));
            if (all.Cn.Length > 0) Assert.That(Own(all.Cn, H), Is.EqualTo(s_lengths[b] == 0 ? Own(together.C0, H) : alone.Cn));
            if (all.Cn.Length > 0) Assert.That(Own(all.Dc0, H), Is.EqualTo(alone.Dc0));
        }
    }

    [Test]
    public void DirectionsAreForwardOnTheSequenceTurnedRound()
    {
        static double[] Turned(double[] values, int size) => [.. values.Chunk(B * size).Reverse().SelectMany(row => row)];
        Case both = Case.Random("lstm", ReferenceDirections.Concatenated, layers: 1, seed: 3);
        ReferenceResult Run(ReferenceDirections directions, bool reverse, double[] x)
        {
            Dictionary<string, double[]> own = both.Parameters.Where(pair => pair.Key.EndsWith("_reverse") == reverse)
                .ToDictionary(pair => pair.Key.Replace("_reverse", ""), pair => pair.Value);
            return new ReferenceNetwork("lstm", I, H, 1, directions, own).Run(x, T, B);
        }
        ReferenceResult forward = Run(ReferenceDirections.Forward, false, both.X), reverse = Run(ReferenceDirections.Reverse, true, both.X);
        ReferenceResult turned = Run(ReferenceDirections.Forward, true, Turned(both.X, I));
        Assert.That(reverse.Y, Is.EqualTo(Turned(turned.Y, H)));
        Assert.That(reverse.Hn, Is.EqualTo(turned.Hn));

        double[] Y(ReferenceDirections directions) =>
            new ReferenceNetwork("lstm", I, H, 1, directions, both.Parameters).Run(both.X, T, B).Y;
        double[][] pairs = [.. forward.Y.Chunk(H).Zip(reverse.Y.Chunk(H), (a, b) => (double[])[.. a, .. b])];
        Assert.That(Y(ReferenceDirections.Concatenated), Is.EqualTo(pairs.SelectMany(pair => pair)));
        Assert.That(Y(ReferenceDirections.Summed), Is.EqualTo(forward.Y.Zip(reverse.Y, (a, b) => a + b)));
    }

    [Test]
    public void NoBiasIsABiasOfZero([ValueSource(nameof(s_cells))] string cell)
    {
        Case without = Case.Random(cell, ReferenceDirections.Concatenated, layers: 2, seed: 4, bias: false);
        Dictionary<string, double[]> zeros = ReferenceNetwork.Shapes(cell, I, H, 2, ReferenceDirections.Concatenated)
            .ToDictionary(shape => shape.Name, shape => without.Parameters.GetValueOrDefault(shape.Name) ?? new double[shape.Rows]);
        Assert.That(zeros, Has.Count.GreaterThan(without.Parameters.Count));
        Assert.That(without.Run(null).Y, Is.EqualTo((without with { Parameters = zeros }).Run(null).Y).And.Some.Not.Zero);
    }

    [Test]
    public void ParametersThatDoNotFitAreRefused()
    {
        Case right = Case.Random("gru", ReferenceDirections.Forward, layers: 1, seed: 5);
        void Refuse(string name, double[]? values)
        {
            Dictionary<string, double[]> wrong = new(right.Parameters);
            if (values is null) wrong.Remove(name);
            else wrong[name] = values;
            Assert.That(() => (right with { Parameters = wrong }).Run(null), Throws.ArgumentException.With.Message.Contains(name));
        }
        Refuse("bias_l0", new double[9]);
        Refuse("weight_hh_l0", new double[26]);
        Refuse("weight_hh_l0", null);
    }

    [Test]
    public void ReluHasNoSlopeAtZero()
    {
        Dictionary<string, double[]> parameters = new() { ["weight_ih_l0"] = [1], ["weight_hh_l0"] = [1] };
        ReferenceNetwork network = new("rnn_relu", 1, 1, 1, ReferenceDirections.Forward, parameters);
        Assert.That(network.Run([0], 1, 1, dy: [1]).Dx, Is.EqualTo(new[] { 0.0 }));
        Assert.That(network.Run([1e-9], 1, 1, dy: [1]).Dx, Is.EqualTo(new[] { 1.0 }));
    }
}

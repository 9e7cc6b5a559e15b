namespace GpuRnn.Peers.Cases;

/// <summary>The same numbers for every library: weights under PyTorch's names and in its layouts, input, gradient of the output.</summary>
sealed class CaseData
{
    const int KeySets = 16;

    public CaseData(Case c)
    {
        Random random = new(1);
        float bound = 1 / MathF.Sqrt(c.Shape.H);
        int gateRows = c.Gates * c.Shape.H, layer = 0, direction = 0;
        foreach (string suffix in c.Suffixes)
        {
            Weights[$"weight_ih_{suffix}"] = Uniform(random, gateRows * c.InputSize(layer), bound);
            Weights[$"weight_hh_{suffix}"] = Uniform(random, gateRows * c.Shape.H, bound);
            Weights[$"bias_ih_{suffix}"] = Uniform(random, gateRows, bound);
            Weights[$"bias_hh_{suffix}"] = Uniform(random, gateRows, bound);
            direction = (direction + 1) % c.Directions;
            if (direction == 0) layer++;
        }
        int rows = checked(c.Shape.T * c.Shape.B);
        X = Uniform(random, checked(rows * c.Shape.I), 1);
        if (c.Training) Dy = Uniform(random, checked(rows * c.OutputSize), 1);
        if (c.LastOnly) Dy.AsSpan(0, (rows - c.Shape.B) * c.OutputSize).Clear();
        c.ClearPadding(Dy, c.OutputSize); // a loss says nothing about steps that are not there
        if (c.Live > 0) Ready = [.. Enumerable.Range(0, KeySets).Select(_ => Draw(random, c.Live, c.Shape.B))];
    }

    public Dictionary<string, float[]> Weights { get; } = [];

    /// <summary>[T, B, I].</summary>
    public float[] X { get; }

    /// <summary>[T, B, output size]; empty where nothing is trained.</summary>
    public float[] Dy { get; } = [];

    /// <summary>Live sequences that are ready, call after call.</summary>
    public int[][] Ready { get; } = [];

    static float[] Uniform(Random random, int length, float bound)
    {
        float[] numbers = new float[length];
        foreach (ref float number in numbers.AsSpan()) number = (2 * random.NextSingle() - 1) * bound;
        return numbers;
    }

    static int[] Draw(Random random, int from, int count)
    {
        int[] all = [.. Enumerable.Range(0, from)];
        random.Shuffle(all);
        return all[..count];
    }
}

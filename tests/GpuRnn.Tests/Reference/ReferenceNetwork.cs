namespace GpuRnn.Tests.Reference;

/// <summary>In which directions a sequence is read, and what becomes of two outputs.</summary>
public enum ReferenceDirections
{
    Forward,
    Reverse,
    Concatenated,
    Summed,
}

/// <summary>What a run gives: outputs, last states, and the derivatives of the loss. Cells without c have none in Cn and Dc0.</summary>
public sealed record ReferenceResult(
    double[] Y, double[] Hn, double[] Cn, double[] Dx, double[] Dh0, double[] Dc0, IReadOnlyDictionary<string, double[]> Gradients);

/// <summary>
/// A recurrent network in double precision, written for no purpose but to be right: sequence by sequence, number by number, with
/// gradients that a tape finds from the forward equations alone. It shares nothing with the engine.
/// </summary>
/// <param name="cell">lstm, gru, rnn_tanh, rnn_relu, rnn_sigmoid, relevance_lstm or relevance_lstm_tanh.</param>
/// <param name="inputSize">Numbers in an element of a sequence.</param>
/// <param name="hiddenSize">Units of a layer.</param>
/// <param name="layers">Layers, each reading the one below.</param>
/// <param name="directions">The directions of each layer.</param>
/// <param name="parameters">By PyTorch's names, row-major. Biases may be missing. One direction alone has no suffix, even reverse.</param>
public sealed class ReferenceNetwork(string cell, int inputSize, int hiddenSize, int layers, ReferenceDirections directions,
    IReadOnlyDictionary<string, double[]> parameters)
{
    readonly bool hasC = ReferenceCell.HasC(cell);
    readonly int count = Count(directions);
    readonly int sizeOfH = ReferenceCell.SizeOfH(cell, hiddenSize), width = Width(ReferenceCell.SizeOfH(cell, hiddenSize), directions);

    /// <summary>The names and sizes of all parameters, in PyTorch's order.</summary>
    public static IEnumerable<(string Name, int Rows, int Columns)> Shapes(
        string cell, int inputSize, int hiddenSize, int layers, ReferenceDirections directions, bool bias = true)
    {
        int inputRows = ReferenceCell.InputGates(cell) * hiddenSize, hiddenRows = ReferenceCell.Gates(cell) * hiddenSize;
        int sizeOfH = ReferenceCell.SizeOfH(cell, hiddenSize);
        string[] biases = !bias ? [] : ReferenceCell.HasOneBias(cell) ? ["bias"] : ["bias_ih", "bias_hh"];
        for (int layer = 0; layer < layers; layer++)
            for (int direction = 0; direction < Count(directions); direction++)
            {
                string suffix = Suffix(layer, direction);
                yield return ("weight_ih" + suffix, inputRows, layer == 0 ? inputSize : Width(sizeOfH, directions));
                yield return ("weight_hh" + suffix, hiddenRows, sizeOfH);
                foreach (string name in biases) yield return (name + suffix, name == "bias_hh" ? hiddenRows : inputRows, 1);
                foreach ((string name, int r, int c) in ReferenceCell.Others(cell, hiddenSize)) yield return (name + suffix, r, c);
            }
    }

    /// <summary>Runs sequences forward and back. What is null is zero, or for lengths T.</summary>
    /// <param name="x">Input [T, B, I].</param>
    /// <param name="T">Elements of the longest sequence.</param>
    /// <param name="B">Sequences.</param>
    /// <param name="lengths">The length of each sequence, from 0 to T.</param>
    /// <param name="h0">First h [layers * directions, B, H].</param>
    /// <param name="c0">First c, as h0; cells without c pass over it.</param>
    /// <param name="dy">The loss is sum(Y * dy) over what is no padding, [T, B, H], or [T, B, 2 H] for concatenated directions ...</param>
    /// <param name="dhn">... + sum(Hn * dhn) ...</param>
    /// <param name="dcn">... + sum(Cn * dcn).</param>
    public ReferenceResult Run(double[] x, int T, int B, int[]? lengths = null, double[]? h0 = null, double[]? c0 = null,
        double[]? dy = null, double[]? dhn = null, double[]? dcn = null)
    {
        int states = layers * count * B;
        Tape tape = new();
        Var[] Leaves(string name, double[]? values, int size) => values is null || values.Length == size
            ? tape.Leaves(values ?? new double[size]) : throw new ArgumentException($"{name} has {values.Length} elements, not {size}.");

        lengths ??= [.. Enumerable.Repeat(T, B)];
        if (lengths.Length != B || lengths.Any(length => length < 0 || length > T)) throw new ArgumentException("These are no lengths.");
        Dictionary<string, Var[]> weights = Weights(Leaves);
        Var[] input = Leaves(nameof(x), x, T * B * inputSize), firstH = Leaves(nameof(h0), h0, states * sizeOfH);
        Var[] firstC = hasC ? Leaves(nameof(c0), c0, states * hiddenSize) : [];
        Var[] lossY = Leaves(nameof(dy), dy, T * B * width), lossH = Leaves(nameof(dhn), dhn, states * sizeOfH);
        Var[] lossC = hasC ? Leaves(nameof(dcn), dcn, states * hiddenSize) : [];

        // Numbers of an element by t * B + b; of padding there are none.
        Var[]?[] below = [.. input.Chunk(inputSize)];
        Var[] lastH = new Var[firstH.Length], lastC = new Var[firstC.Length];
        for (int layer = 0; layer < layers; layer++)
        {
            Var[]?[][] outputs = [.. Enumerable.Range(0, count).Select(_ => new Var[]?[T * B])];
            for (int direction = 0; direction < count; direction++)
            {
                ReferenceWeights w = Select(tape, weights, Suffix(layer, direction));
                bool reverse = directions == ReferenceDirections.Reverse || direction == 1;
                for (int b = 0; b < B; b++)
                {
                    int state = (layer * count + direction) * B + b;
                    Var[] h = firstH[(state * sizeOfH)..((state + 1) * sizeOfH)], c = hasC
                        ? firstC[(state * hiddenSize)..((state + 1) * hiddenSize)] : [];
                    for (int step = 0; step < lengths[b]; step++)
                    {
                        int element = (reverse ? lengths[b] - 1 - step : step) * B + b;
                        (h, c) = ReferenceCell.Step(cell, w, hiddenSize, below[element]!, h, c);
                        outputs[direction][element] = h;
                    }
                    h.CopyTo(lastH, state * sizeOfH);
                    if (hasC) c.CopyTo(lastC, state * hiddenSize);
                }
            }
            below = count == 1 ? outputs[0] : [.. outputs[0].Zip(outputs[1], Join)];
        }

        Var loss = tape.Dot(lastH, lossH) + tape.Dot(lastC, lossC);
        double[] y = new double[T * B * width];
        for (int element = 0; element < T * B; element++)
            if (below[element] is { } output)
            {
                Values(output).CopyTo(y, element * width);
                loss += tape.Dot(output, lossY.AsSpan(element * width, width));
            }
        loss.Backward();
        return new(y, Values(lastH), Values(lastC), Gradients(input), Gradients(firstH), Gradients(firstC),
            weights.ToDictionary(pair => pair.Key, pair => Gradients(pair.Value)));
    }

    Dictionary<string, Var[]> Weights(Func<string, double[]?, int, Var[]> leaves)
    {
        Dictionary<string, Var[]> weights = [];
        foreach ((string name, int rows, int columns) in Shapes(cell, inputSize, hiddenSize, layers, directions))
            if (parameters.TryGetValue(name, out double[]? values)) weights.Add(name, leaves(name, values, rows * columns));
            else if (!name.StartsWith("bias")) throw new ArgumentException($"There is no {name}.");
        // A bias under a wrong name would be none at all.
        return weights.Count == parameters.Count ? weights
            : throw new ArgumentException($"There is no use for {string.Join(", ", parameters.Keys.Except(weights.Keys))}.");
    }

    ReferenceWeights Select(Tape tape, Dictionary<string, Var[]> weights, string suffix) => new(tape, weights["weight_ih" + suffix],
        weights["weight_hh" + suffix], weights.GetValueOrDefault((ReferenceCell.HasOneBias(cell) ? "bias" : "bias_ih") + suffix),
        weights.GetValueOrDefault("bias_hh" + suffix),
        ReferenceCell.Others(cell, hiddenSize).ToDictionary(o => o.Name, o => weights[o.Name + suffix]));

    Var[]? Join(Var[]? forward, Var[]? reverse) =>
        forward is null || reverse is null ? null
        : directions == ReferenceDirections.Concatenated ? [.. forward, .. reverse]
        : [.. forward.Zip(reverse, (a, b) => a + b)];

    static string Suffix(int layer, int direction) => $"_l{layer}{(direction == 1 ? "_reverse" : "")}";

    static int Count(ReferenceDirections directions) =>
        directions is ReferenceDirections.Concatenated or ReferenceDirections.Summed ? 2 : 1;

    static int Width(int hiddenSize, ReferenceDirections directions) =>
        directions == ReferenceDirections.Concatenated ? 2 * hiddenSize : hiddenSize;

    static double[] Values(Var[] variables) => [.. variables.Select(v => v.Value)];

    static double[] Gradients(Var[] variables) => [.. variables.Select(v => v.Gradient)];
}

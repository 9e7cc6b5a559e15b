using GpuRnn.Tests.Cells;

namespace GpuRnn.Tests.Reference;

/// <summary>
/// The parameters of one layer in one direction, on a tape. Missing biases are null; others are by their names without the layer.
/// </summary>
sealed record ReferenceWeights(Tape Tape, Var[] InputWeights, Var[] HiddenWeights, Var[]? InputBias, Var[]? HiddenBias,
    IReadOnlyDictionary<string, Var[]> Others)
{
    /// <summary>A row of W_ih x + b_ih.</summary>
    public Var Input(int row, Var[] x) => Product(InputWeights, InputBias, row, x);

    /// <summary>A row of W_hh h + b_hh.</summary>
    public Var Hidden(int row, Var[] h) => Product(HiddenWeights, HiddenBias, row, h);

    /// <summary>A row of W_ih x + b_ih + W_hh h + b_hh.</summary>
    public Var Both(int row, Var[] x, Var[] h) => Input(row, x) + Hidden(row, h);

    Var Product(Var[] weights, Var[]? bias, int row, Var[] factor)
    {
        Var product = Tape.Dot(weights.AsSpan(row * factor.Length, factor.Length), factor);
        return bias is null ? product : product + bias[row];
    }
}

/// <summary>The forward equations of the cells, one step of one sequence. There are no others: gradients come from the tape.</summary>
static class ReferenceCell
{
    public static int Gates(string cell) => cell switch
    {
        "lstm" => 4,
        "gru" => 3,
        "rnn_tanh" or "rnn_relu" or "rnn_sigmoid" => 1,
        "relevance_lstm" or "relevance_lstm_tanh" => 5,
        _ => Other(cell).Gates,
    };

    /// <summary>Of these, how many x reaches.</summary>
    public static int InputGates(string cell) => TestCell.Find(cell)?.InputGates ?? Gates(cell);

    static TestCell Other(string cell) => TestCell.Find(cell) ?? throw new ArgumentException($"There is no cell {cell}.");

    public static bool HasC(string cell) => cell.Contains("lstm");

    /// <summary>Numbers in h.</summary>
    public static int SizeOfH(string cell, int hiddenSize) =>
        TestCell.Find(cell)?.ProjectionSize(hiddenSize) is int size and > 0 ? size : hiddenSize;

    /// <summary>Tensors beside those of gates.</summary>
    public static IEnumerable<(string Name, int Rows, int Columns)> Others(string cell, int hiddenSize) =>
        TestCell.Find(cell)?.Others(hiddenSize) ?? [];

    /// <summary>Is there one bias a gate, under the name bias_l0, and not two?</summary>
    public static bool HasOneBias(string cell) => cell.StartsWith("relevance");

    /// <summary>A step. Cells without c hand it through.</summary>
    public static (Var[] H, Var[] C) Step(string cell, ReferenceWeights w, int hiddenSize, Var[] x, Var[] h, Var[] c) => cell switch
    {
        "lstm" => Lstm(w, x, h, c),
        "gru" => (Units(h.Length, j => Gru(w, j, x, h)), c),
        "rnn_tanh" => (Units(h.Length, j => w.Both(j, x, h).Tanh()), c),
        "rnn_relu" => (Units(h.Length, j => w.Both(j, x, h).Relu()), c),
        "rnn_sigmoid" => (Units(h.Length, j => w.Both(j, x, h).Sigmoid()), c),
        "relevance_lstm" => Relevance(w, x, h, c, value => value),
        "relevance_lstm_tanh" => Relevance(w, x, h, c, value => value.Tanh()),
        _ => Other(cell).Step(w, hiddenSize, x, h, c),
    };

    // Rows i f g o.
    static (Var[] H, Var[] C) Lstm(ReferenceWeights w, Var[] x, Var[] h, Var[] c)
    {
        int n = h.Length;
        Var[] next = Units(n, j => w.Both(n + j, x, h).Sigmoid() * c[j] + w.Both(j, x, h).Sigmoid() * w.Both(2 * n + j, x, h).Tanh());
        return (Units(n, j => w.Both(3 * n + j, x, h).Sigmoid() * next[j].Tanh()), next);
    }

    // Rows r z n.
    static Var Gru(ReferenceWeights w, int j, Var[] x, Var[] h)
    {
        Var r = w.Both(j, x, h).Sigmoid(), z = w.Both(h.Length + j, x, h).Sigmoid();
        int row = 2 * h.Length + j;
        Var n = (w.Input(row, x) + r * w.Hidden(row, h)).Tanh();
        return (1 - z) * n + z * h[j];
    }

    // Rows u r f o c.
    static (Var[] H, Var[] C) Relevance(ReferenceWeights w, Var[] x, Var[] h, Var[] c, Func<Var, Var> output)
    {
        int n = h.Length;
        Var[] relevant = Units(n, j => w.Both(n + j, x, h).Sigmoid() * h[j]);
        Var[] next = Units(n, j =>
        {
            Var u = w.Both(j, x, h).Sigmoid(), f = w.Both(2 * n + j, x, h).Sigmoid();
            return u * w.Both(4 * n + j, x, relevant).Tanh() + f * c[j];
        });
        return (Units(n, j => w.Both(3 * n + j, x, h).Sigmoid() * output(next[j])), next);
    }

    static Var[] Units(int count, Func<int, Var> unit) => [.. Enumerable.Range(0, count).Select(unit)];
}

using GpuRnn.Layers;

namespace GpuRnn.Lecture.Labs.Gates;

/// <summary>A gate: its letter, its name, and what it does.</summary>
sealed record Gate(string Letter, string Name, string Does, bool IsCandidate = false);

/// <summary>
/// A cell as gates that can be looked at and held: activations first, then h and c of them. The equations are those of docs/adding-a-cell.md and of
/// PyTorch's documentation, on plain numbers.
/// </summary>
abstract class GateCell
{
    public abstract IReadOnlyList<Gate> Gates { get; }

    /// <summary>The activation of a gate, from what input and hidden product gave it.</summary>
    public virtual double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) =>
        Gates[gate].IsCandidate ? Math.Tanh(input + hidden) : 1 / (1 + Math.Exp(-input - hidden));

    /// <summary>What a gate's hidden product reads; gates before it are known.</summary>
    public virtual double[] Read(int gate, double[] h, IReadOnlyList<double[]> gates) => h;

    /// <summary>The next h and c.</summary>
    public abstract (double H, double C) Next(IReadOnlyList<double[]> gates, int unit, double h, double c);

    /// <exception cref="GpuRnnException">The cell has no gates.</exception>
    public static GateCell Of(Cell cell) => cell.Name switch
    {
        "lstm" => new LstmGates(),
        "gru" => new GruGates(),
        "relevance_lstm" => new RelevanceGates(c => c),
        "relevance_lstm_tanh" => new RelevanceGates(Math.Tanh),
        _ => throw new GpuRnnException($"The cell '{cell.Name}' has no gates to look at. Train a model of lstm, gru or relevance."),
    };
}

/// <summary>c = f c + i g, h = o tanh c.</summary>
sealed class LstmGates : GateCell
{
    public override IReadOnlyList<Gate> Gates { get; } =
    [
        new("i", "update (input)", "lets the candidate in"),
        new("f", "forget", "keeps the state"),
        new("g", "candidate", "what could be written", true),
        new("o", "output", "shows the state"),
    ];

    public override (double, double) Next(IReadOnlyList<double[]> g, int unit, double h, double c)
    {
        double next = g[1][unit] * c + g[0][unit] * g[2][unit];
        return (g[3][unit] * Math.Tanh(next), next);
    }
}

/// <summary>n = tanh(n_x + r n_h), h = (1 - z) n + z h.</summary>
sealed class GruGates : GateCell
{
    public override IReadOnlyList<Gate> Gates { get; } =
    [
        new("r", "relevance (reset)", "lets the old state into the candidate"),
        new("z", "update", "keeps the state"),
        new("n", "candidate", "what could be written", true),
    ];

    public override double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) =>
        gate == 2 ? Math.Tanh(input + gates[0][unit] * hidden) : base.Activate(gate, input, hidden, gates, unit);

    public override (double, double) Next(IReadOnlyList<double[]> g, int unit, double h, double c) => ((1 - g[1][unit]) * g[2][unit] + g[1][unit] * h, 0);
}

/// <summary>The candidate's hidden product reads r h; c = u n + f c, h = o g(c).</summary>
sealed class RelevanceGates(Func<double, double> show) : GateCell
{
    public override IReadOnlyList<Gate> Gates { get; } =
    [
        new("u", "update", "lets the candidate in"), new("r", "relevance", "lets the old state into the candidate"), new("f", "forget", "keeps the state"),
        new("o", "output", "shows the state"), new("n", "candidate", "what could be written", true),
    ];

    public override double[] Read(int gate, double[] h, IReadOnlyList<double[]> gates) => gate == 4 ? [.. h.Select((value, j) => gates[1][j] * value)] : h;

    public override (double, double) Next(IReadOnlyList<double[]> g, int unit, double h, double c)
    {
        double next = g[0][unit] * g[4][unit] + g[2][unit] * c;
        return (g[3][unit] * show(next), next);
    }
}

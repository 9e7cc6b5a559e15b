using GpuRnn.Layers;

namespace GpuRnn.Lecture.Labs.Gates;

/// <summary>A gate: its letter, its name, and what it does.</summary>
sealed record Gate(string Letter, string Name, string Does, bool IsCandidate = false)
{
    /// <summary>The gates of a cell, in the order in which its weights are stacked.</summary>
    /// <exception cref="GpuRnnException">The cell has no gates.</exception>
    public static IReadOnlyList<Gate> Of(Cell cell) => cell.Name switch
    {
        "lstm" =>
        [
            new("i", "update (input)", "lets the candidate in"),
            new("f", "forget", "keeps the state"),
            new("g", "candidate", "what could be written", true),
            new("o", "output", "shows the state"),
        ],
        "gru" =>
        [
            new("r", "relevance (reset)", "lets the old state into the candidate"),
            new("z", "update", "keeps the state"),
            new("n", "candidate", "what could be written", true),
        ],
        "relevance_lstm" or "relevance_lstm_tanh" =>
        [
            new("u", "update", "lets the candidate in"),
            new("r", "relevance", "lets the old state into the candidate"),
            new("f", "forget", "keeps the state"),
            new("o", "output", "shows the state"),
            new("n", "candidate", "what could be written", true),
        ],
        _ => throw new GpuRnnException($"The cell '{cell.Name}' has no gates to look at. Train a model of lstm, gru or relevance."),
    };
}

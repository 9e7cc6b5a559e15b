namespace GpuRnn.Cli.Tasks.Text;

/// <summary>What shapes a run; all of it stands in the model's file, so that a run can go on.</summary>
sealed record TextOptions
{
    public string? Data { get; init; }
    public string Cell { get; init; } = "lstm";
    public int Hidden { get; init; }
    public int Layers { get; init; } = 1;
    public int Batch { get; init; } = 32;
    public int Unroll { get; init; }
    public int Seed { get; init; } = 1;
    public double Rate { get; init; } = 5e-3;
    public double Clip { get; init; } = 1;

    /// <summary>Steps that the longest dependency spans, for the biases of gates; 0 for PyTorch's initialisation, -1 for the data's own.</summary>
    public int Memory { get; init; } = -1;

    /// <summary>Steps at which the learning rate has halved; a function of the step alone, so that a run that goes on is the same run.</summary>
    public int Halving { get; init; } = 2000;

    /// <summary>Sizes that were left open: the built-in grammar is learned by a smaller model.</summary>
    public TextOptions Settled => this with
    {
        Hidden = Hidden > 0 ? Hidden : Data is null ? 96 : 256,
        Unroll = Unroll > 0 ? Unroll : Data is null ? 80 : 64,
        Memory = Memory >= 0 ? Memory : Data is null ? 40 : 0,
    };

    public IReadOnlyDictionary<string, string> ToMetadata(string hash, int steps) => new Dictionary<string, string>
    {
        ["format"] = "gpurnn-text/1", ["data"] = Data ?? "", ["data_hash"] = hash, ["cell"] = Cell, ["hidden"] = $"{Hidden}", ["layers"] = $"{Layers}",
        ["batch"] = $"{Batch}", ["unroll"] = $"{Unroll}", ["seed"] = $"{Seed}", ["rate"] = $"{Rate:R}", ["clip"] = $"{Clip:R}", ["memory"] = $"{Memory}", ["halving"] = $"{Halving}", ["steps"] = $"{steps}",
    };

    public static TextOptions FromMetadata(IReadOnlyDictionary<string, string> m, string path)
    {
        try
        {
            if (m["format"] != "gpurnn-text/1") throw new FormatException();
            TextOptions options = new()
            {
                Data = m["data"].Length > 0 ? m["data"] : null, Cell = m["cell"], Hidden = int.Parse(m["hidden"]), Layers = int.Parse(m["layers"]), Batch = int.Parse(m["batch"]),
                Unroll = int.Parse(m["unroll"]), Seed = int.Parse(m["seed"]), Rate = double.Parse(m["rate"]), Clip = double.Parse(m["clip"]), Memory = int.Parse(m["memory"]), Halving = int.Parse(m["halving"]),
            };
            // a wild size must not be built to find out
            if (options is { Hidden: >= 1 and <= 1 << 16, Layers: >= 1 and <= 1000, Batch: >= 1 and <= 1 << 16, Unroll: >= 1 and <= 1 << 20, Rate: > 0, Clip: >= 0, Memory: >= 0, Halving: >= 1 }) return options;
            throw new FormatException();
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new GpuRnnException($"'{path}' is not a model of 'train text': its metadata lacks what such a model says of itself.", e);
        }
    }
}

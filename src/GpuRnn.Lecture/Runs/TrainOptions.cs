using System.Globalization;
using System.Text.Json;
using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Runs;

/// <summary>What shapes a run of any task; all of it stands in the run's checkpoint, so that the run can go on.</summary>
public sealed record TrainOptions
{
    public string Task { get; init; } = "";
    public string? Data { get; init; }
    public string Cell { get; init; } = "lstm";
    public int Hidden { get; init; } = 128;
    public int Layers { get; init; } = 1;
    public int Batch { get; init; } = 32;
    public int Seed { get; init; } = 1;
    public string Optimizer { get; init; } = "adam";
    public double Rate { get; init; } = 3e-3;
    public string Schedule { get; init; } = "cosine";
    /// <summary>Steps that the schedule spans. Not the run's length: a run that goes on is the same run.</summary>
    public int Horizon { get; init; } = 1000;
    public double Clip { get; init; } = 1;
    public string ClipNorm { get; init; } = "euclidean";
    public double ClipValue { get; init; }
    public double Dropout { get; init; }
    public bool Variational { get; init; }
    public double WeightDecay { get; init; }
    public double Smoothing { get; init; }
    /// <summary>Batches whose gradients add up to a step's.</summary>
    public int Accumulate { get; init; } = 1;
    /// <summary>Evaluations without an improvement until the run ends; 0 for never.</summary>
    public int Patience { get; init; }
    /// <summary>Steps that the longest dependency spans, for the biases of gates; 0 for PyTorch's initialisation.</summary>
    public int Memory { get; init; }
    /// <summary>The task's own options by name.</summary>
    public SortedDictionary<string, string> Own { get; init; } = [];

    public int Whole(string own) => int.Parse(Own[own], CultureInfo.InvariantCulture);

    /// <summary>What layers leave out.</summary>
    public DropoutOptions DropoutOptions => new() { Rate = Dropout, Variational = Variational, Seed = Seed };

    /// <summary>Throws one clear line if a value cannot be.</summary>
    public TrainOptions Checked()
    {
        _ = GpuRnn.Layers.Cell.Named(Cell);
        _ = GpuRnn.Training.Schedule.Named(Schedule);
        OptimizerChoice.Check(Optimizer);
        OptionLimits.Whole(Hidden, "--hidden", 1, 1 << 16);
        OptionLimits.Whole(Layers, "--layers", 1, 1000);
        OptionLimits.Whole(Batch, "--batch", 1, 1 << 20);
        OptionLimits.Whole(Seed, "--seed", 0, int.MaxValue / 4);
        OptionLimits.Whole(Horizon, "--horizon", 1, int.MaxValue);
        OptionLimits.Whole(Accumulate, "--accumulate", 1, 1 << 20);
        OptionLimits.Whole(Patience, "--patience", 0, OptionLimits.Many); // a checkpoint counts in floats
        OptionLimits.Whole(Memory, "--memory", 0, 1 << 20);
        OptionLimits.Above0(Rate, "--rate", 1e6);
        if (ClipNorm is not ("euclidean" or "infinity"))
            throw new GpuRnnException($"--clip-norm is '{ClipNorm}'; it is euclidean or infinity.");
        foreach ((double value, string name) in new[] { (Clip, "--clip"), (ClipValue, "--clip-value"), (WeightDecay, "--weight-decay") })
            OptionLimits.Number(value, name, 0, 1e30);
        foreach ((double value, string name) in new[] { (Dropout, "--dropout"), (Smoothing, "--smoothing") })
            OptionLimits.Share(value, name);
        return this;
    }

    /// <summary>
    /// At least so many bytes a model of these sizes takes: weights with their copies, gradient and moments, and one step of a batch.
    /// </summary>
    public double LeastBytes => 4.0 * Layers * Hidden * (6.0 * Hidden + 6.0 * Batch);

    public ClipOptions ClipOptions =>
        new() { Norm = Clip, Value = ClipValue, Kind = ClipNorm == "infinity" ? NormKind.Infinity : NormKind.Euclidean };

    const string Format = "gpurnn-run/1";

    /// <summary>What a file of the run says of it.</summary>
    public Dictionary<string, string> ToMetadata(string dataHash, long steps) => new()
    {
        ["format"] = Format, ["task"] = Task, ["data_hash"] = dataHash,
        ["steps"] = steps.ToString(CultureInfo.InvariantCulture),
        ["options"] = JsonSerializer.Serialize(this),
    };

    /// <summary>The options of a run, as a file of it says.</summary>
    /// <exception cref="GpuRnnException">It is no such file, or of another task.</exception>
    public static TrainOptions FromMetadata(IReadOnlyDictionary<string, string> metadata, string path, string task)
    {
        if (metadata.GetValueOrDefault("format") != Format || !metadata.TryGetValue("options", out string? text))
            throw new GpuRnnException($"'{path}' is not a file of 'gpurnn train': its metadata lacks what such a file says of itself.");
        if (metadata.GetValueOrDefault("task") is var other && other != task)
            throw new GpuRnnException($"'{path}' is of 'train {other}', not of 'train {task}'.");
        try
        {
            TrainOptions options = JsonSerializer.Deserialize<TrainOptions>(text) ?? throw new JsonException("null");
            if (options.Own is null || options.Cell is null || options.Schedule is null || options.Optimizer is null)
                throw new JsonException("null");
            return options.Checked();
        }
        catch (Exception e) when (e is JsonException or GpuRnnException)
        {
            throw new GpuRnnException($"'{path}' says of its run what cannot be: {e.Message}", e);
        }
    }
}

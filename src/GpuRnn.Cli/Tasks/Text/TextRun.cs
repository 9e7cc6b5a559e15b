using System.Diagnostics;
using System.Text.Json;
using GpuRnn.Cli.Reports;
using GpuRnn.Interop;

namespace GpuRnn.Cli.Tasks.Text;

/// <summary>How long a run lasts: total steps, or minutes.</summary>
readonly record struct RunLength(int? Steps, double? Minutes);

/// <summary>What a run shows while it goes on.</summary>
readonly record struct RunProgress(double Share, int Step, double Nats, double TokensPerSecond, TimeSpan Left);

/// <summary>A run of `train text` from first step to report.html.</summary>
sealed class TextRun(Device device, TextOptions options, TextCorpus corpus, string folder) : IDisposable
{
    const int CurveEvery = 20, SaveSeconds = 30;

    readonly TextModel model = new(device, options, corpus.Vocabulary.Size);
    readonly List<CurvePoint> curve = [];

    public double ValidationNats { get; private set; }
    public double TestNats { get; private set; }
    public double? FarWordAccuracy { get; private set; }
    public double TokensPerSecond { get; private set; }
    public double Seconds { get; private set; }
    public int Steps { get; private set; }
    public IReadOnlyList<CurvePoint> Curve => curve;

    /// <summary>Trains; a cancelled run ends after its step, with its checkpoint written.</summary>
    public void Train(RunLength length, bool resume, Action<RunProgress> report, CancellationToken cancel)
    {
        using TextTrainer trainer = new(options, corpus, model);
        double before = 0;
        if (resume)
        {
            trainer.Restore(folder);
            before = ReadHistory(trainer.Steps);
        }
        else model.Initialize(options.Seed, options.Memory);
        if (trainer.Steps > length.Steps)
            throw new GpuRnnException($"'{folder}' has taken {trainer.Steps} steps already; --steps is the total and must be at least that.");
        using TextEvaluation evaluation = new(model);
        int begun = trainer.Steps, evaluateEvery = length.Steps is int total ? Math.Max(CurveEvery, total / 10 / CurveEvery * CurveEvery) : 500;
        Stopwatch clock = Stopwatch.StartNew(), saved = Stopwatch.StartNew();
        double smooth = curve.Count > 0 ? curve[^1].TrainingNats : double.NaN;
        TimeSpan training = TimeSpan.Zero;
        while (!cancel.IsCancellationRequested && (length.Steps is int all ? trainer.Steps < all : clock.Elapsed.TotalMinutes < length.Minutes))
        {
            long start = Stopwatch.GetTimestamp();
            double nats = trainer.Step();
            training += Stopwatch.GetElapsedTime(start);
            smooth = double.IsNaN(smooth) ? nats : smooth + (nats - smooth) * 0.05;
            if (trainer.Steps % CurveEvery == 0)
                curve.Add(new(trainer.Steps, before + clock.Elapsed.TotalSeconds, smooth, trainer.Steps % evaluateEvery == 0 ? evaluation.Run(corpus.ValidationCodes) : null));
            if (saved.Elapsed.TotalSeconds > SaveSeconds)
            {
                trainer.Save(folder);
                saved.Restart();
            }
            double share = length.Steps is int s ? (double)(trainer.Steps - begun) / Math.Max(1, s - begun) : Math.Min(1, clock.Elapsed.TotalMinutes / length.Minutes!.Value);
            report(new(share, trainer.Steps, smooth, (trainer.Steps - begun) * (double)trainer.CharactersAStep / training.TotalSeconds,
                share > 0 ? clock.Elapsed * ((1 - share) / share) : TimeSpan.Zero));
        }
        trainer.Save(folder);
        Steps = trainer.Steps;
        Seconds = before + clock.Elapsed.TotalSeconds;
        TokensPerSecond = training > TimeSpan.Zero ? (trainer.Steps - begun) * (double)trainer.CharactersAStep / training.TotalSeconds : 0;
        ValidationNats = evaluation.Run(corpus.ValidationCodes);
        TestNats = evaluation.Run(corpus.TestCodes);
        if (corpus.Grammar is not null) FarWordAccuracy = evaluation.FarWordAccuracy(corpus.Test, corpus.TestCodes, corpus.Grammar);
        if (curve.Count == 0 || curve[^1].Step != Steps) curve.Add(new(Steps, Seconds, double.IsNaN(smooth) ? ValidationNats : smooth, ValidationNats));
        else curve[^1] = curve[^1] with { ValidationNats = ValidationNats };
    }

    /// <summary>The curve of the run until now; what is not there, or is of another step, is left out. Returns its seconds.</summary>
    double ReadHistory(int steps)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "metrics.json")));
            foreach (JsonElement p in json.RootElement.GetProperty("curve").EnumerateArray())
            {
                JsonElement validation = p.GetProperty("validation_nats");
                CurvePoint point = new(p.GetProperty("step").GetInt32(), p.GetProperty("seconds").GetDouble(), p.GetProperty("training_nats").GetDouble(),
                    validation.ValueKind == JsonValueKind.Number ? validation.GetDouble() : null);
                if (point.Step <= steps) curve.Add(point);
            }
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            curve.Clear(); // a curve is not worth a run
        }
        return curve.Count > 0 ? curve[^1].Seconds : 0;
    }

    public string Sample(int length) => TextSampler.Sample(model, corpus.Vocabulary, "", length, 0.8, options.Seed);

    /// <summary>Everything that was measured, under the names that metrics.json has.</summary>
    public Dictionary<string, object?> Metrics()
    {
        Dictionary<string, object?> metrics = new()
        {
            ["task"] = "text", ["data"] = corpus.Name, ["cell"] = options.Cell, ["hidden"] = options.Hidden, ["layers"] = options.Layers, ["batch"] = options.Batch,
            ["unroll"] = options.Unroll, ["seed"] = options.Seed, ["parameters"] = model.Parameters.Length, ["vocabulary"] = corpus.Vocabulary.Size,
            ["device"] = device.Name, ["steps"] = Steps, ["seconds"] = Seconds, ["tokens_per_second"] = TokensPerSecond,
            ["validation_nats_per_character"] = ValidationNats, ["test_nats_per_character"] = TestNats,
        };
        if (corpus.Grammar is { } grammar)
        {
            metrics["floor_nats_per_character"] = grammar.NatsPerCharacter;
            metrics["far_word_accuracy"] = FarWordAccuracy;
            metrics["far_word_chance"] = grammar.ChanceAccuracy;
        }
        metrics["curve"] = curve.Select(p => new { step = p.Step, seconds = p.Seconds, training_nats = p.TrainingNats, validation_nats = p.ValidationNats });
        return metrics;
    }

    /// <summary>Writes metrics.json, and of it the picture and the report.</summary>
    public void WriteMetrics()
    {
        AtomicFile.Write(Path.Combine(folder, "metrics.json"), stream => JsonSerializer.Serialize(stream, Metrics(), Json.Indented));
        PngWriter.Write(LossCurve.Chart(curve, corpus.Grammar?.NatsPerCharacter), Path.Combine(folder, LossCurve.PictureName));
        TextReport.Write(this, options, corpus, folder);
    }

    public void Dispose() => model.Dispose();
}

using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Labs.Gates;

/// <summary>`gpurnn lab gates`: what the gates of a trained model do along a text, and what each is worth.</summary>
sealed class GatesLab : Lab
{
    const int Shown = 96, ShownUnits = 24;

    public override string Name => "gates";
    public override string Description => "What the gates of a model of `train text` do along a text, and what each is worth.";

    public override IReadOnlyList<OwnOption> Options { get; } =
    [
        OwnOption.Text("model", "The folder that `train text` wrote") with { Default = Path.Combine("runs", "text") },
        OwnOption.Text("data", "A UTF-8 text; without it, the part of the model's own text that was kept to judge by"),
        OwnOption.Whole("layer", "Which layer, from 0; without it, the last", 0, 999),
        OwnOption.Whole("length", "Characters to judge by", 100) with { Default = "6000" },
    ];

    public override void Run(LabOptions given, RunOutcome outcome, Action<double, string> say, CancellationToken cancel)
    {
        using Device device = Device.Open(given.Device);
        using TextModel model = TextModel.Load(device, given.Text("model"), out Vocabulary vocabulary, out TrainOptions options);
        GateModel gates = new(model);
        int l = given.Find("layer") is null ? gates.Layers - 1 : given.Whole("layer");
        if (l >= gates.Layers) throw new GpuRnnException($"--layer is {l}; the model has layers 0 to {gates.Layers - 1}.");
        string text = given.Find("data") is { } path ? TextCorpus.Read(path) : TextCorpus.Load(options.Data, options.Seed, cancel).Test;
        text = Cut(text, given.Whole("length"));
        TravelGrammar? grammar = given.Find("data") is null && options.Data is null ? TravelGrammar.Default : null;
        int[] codes = vocabulary.Encode(text, "The text", cancel);
        if (codes.Length < 100) throw new GpuRnnException($"The text has {codes.Length} characters; at least 100 are needed.");
        say(0, "the model as it is");
        GateTrace whole = gates.Run(codes, l);
        List<Ablation> ablations = Ablation.All(gates, codes, l, whole, share => say(share, "gates held, one at a time"), cancel);
        (outcome.Metrics["model"], outcome.Metrics["cell"], outcome.Metrics["hidden"],
        outcome.Metrics["layer"], outcome.Metrics["characters"]) =
            (given.Text("model"), options.Cell, options.Hidden, l, codes.Length);
        Activity(outcome, gates, whole, text, l);
        Worth(outcome, gates, whole, ablations, text, codes, grammar);
    }

    /// <summary>Whole characters, from the first line feed on.</summary>
    static string Cut(string text, int most)
    {
        int start = text.IndexOf('\n') is >= 0 and < 400 and var feed ? feed + 1 : 0, end = Math.Min(text.Length, start + most);
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return text[start..end];
    }

    static void Activity(RunOutcome outcome, GateModel gates, GateTrace trace, string text, int layer)
    {
        ReportSection section = outcome.Section("Gates along the text").Text(
            $"Rows are the units of layer {layer} whose gate moves most, columns are characters as they are read; "
            + $"the likeliest next character is the model's business, the gates say what it keeps of the past for it.");
        string[] labels =
        [
            .. text.EnumerateRunes().Take(Math.Min(Shown, trace.Gates.Length))
                .Select(r => r.Value == '\n' ? "\u21B5" : r.Value == ' ' ? "\u00B7" : r.ToString())
        ];
        Dictionary<string, object> json = [];
        for (int g = 0; g < gates.Gates.Count; g++)
        {
            Gate gate = gates.Gates[g];
            double[] mean = [.. Enumerable.Range(0, gates.Hidden).Select(j => trace.Gates.Average(t => t[g][j]))];
            double[] moves =
                [.. Enumerable.Range(0, gates.Hidden).Select(j => Math.Sqrt(trace.Gates.Average(t => Math.Pow(t[g][j] - mean[j], 2))))];
            int[] units = [.. Enumerable.Range(0, gates.Hidden).OrderByDescending(j => moves[j]).Take(ShownUnits)];
            double[,] cells = new double[units.Length, labels.Length];
            for (int u = 0; u < units.Length; u++)
                for (int t = 0; t < labels.Length; t++) cells[u, t] = trace.Gates[t][g][units[u]];
            json[gate.Letter] = new
            {
                name = gate.Name, mean = mean.Average(), moves = moves.Average(),
                open = gate.IsCandidate ? (double?)null : trace.Gates.Average(t => t[g].Count(v => v > 0.9) / (double)gates.Hidden),
                shut = gate.IsCandidate ? (double?)null : trace.Gates.Average(t => t[g].Count(v => v < 0.1) / (double)gates.Hidden),
            };
            outcome.Chart(section,
                new HeatMap($"{gate.Letter}, the {gate.Name} gate: {gate.Does}", cells, [.. units.Select(u => $"{u}")], labels)
                {
                    XLabel = "character read", YLabel = "unit",
                    Scale = gate.IsCandidate ? ColorScale.Diverging : ColorScale.Sequential,
                    Range = gate.IsCandidate ? new(-1, 1) : new(0, 1)
                }, $"gate-{gate.Letter}.png");
        }
        outcome.Metrics["gates"] = json;
        outcome.Chart(section, new LineChart("Mean of each gate over units", "character", "mean",
            [.. gates.Gates.Select((gate, g) => (gate, g)).Where(p => !p.gate.IsCandidate).Select(p =>
                new Series($"{p.gate.Letter} ({p.gate.Name})",
                    [.. labels.Select((_, t) => (double)t)],
                    [.. labels.Select((_, t) => trace.Gates[t][p.g].Average())]))])
        { YLimits = new(0, 1) }, "means.png");
    }

    static void Worth(RunOutcome outcome, GateModel gates, GateTrace whole, List<Ablation> ablations, string text, int[] codes,
        TravelGrammar? grammar)
    {
        double? Far(GateTrace trace) => grammar is null ? null : FarWords(grammar, text, codes, trace.Best);
        outcome.Measure("the model as it is", "loss", whole.Loss, "nats a character");
        if (Far(whole) is double far) outcome.Metrics["far_word_accuracy"] = far;
        outcome.Metrics["ablations"] = ablations.Select(a => new
        {
            gate = a.Gate.Letter,
            name = a.Gate.Name,
            held = a.Held,
            loss = a.Trace.Loss,
            worth = a.Trace.Loss - whole.Loss,
            far_word_accuracy = Far(a.Trace)
        });
        foreach (Ablation a in ablations.Where(a => a.Held == Ablation.AtMean))
            outcome.Lines.Add(
                ($"{a.Gate.Letter} ({a.Gate.Name}) held at its mean",
                string.Create(CultureInfo.InvariantCulture, $"{a.Trace.Loss:F4} (+{a.Trace.Loss - whole.Loss:F4})")));
        ReportSection section = outcome.Section("What each gate is worth").Text(
            "Each gate is held for all units and steps while everything else goes on as it was trained: "
            + "at its own mean, which takes away only that it chooses; open; or shut. "
            + "What the loss grows by is what the gate's choice is worth to this model; "
            + "a model that was trained without it might do better.");
        List<string> columns = ["gate", "held", "nats a character", "worth"];
        if (grammar is not null) columns.Add("far word right");
        IReadOnlyList<string> Row(string gate, string held, GateTrace t) =>
        [
            gate,
            held,
            t.Loss.ToString("F4", CultureInfo.InvariantCulture),
            (t.Loss - whole.Loss).ToString("F4", CultureInfo.InvariantCulture),
            .. Far(t) is double f ? [f.ToString("F3", CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
        section.Table(columns,
            [Row("(none)", "", whole), .. ablations.Select(a => Row($"{a.Gate.Letter}, {a.Gate.Name}", a.Held, a.Trace))]);
        string[] names = [.. gates.Gates.Select(g => $"{g.Letter}, {g.Name}")];
        outcome.Chart(section, new BarChart("Loss with a gate held at its mean", "nats a character", names,
            new BarSeries("held at its mean",
                [.. ablations.Where(a => a.Held == Ablation.AtMean).Select(a => a.Trace.Loss)]))
        { References = [new("as it is", whole.Loss)] }, "worth.png");
    }

    static double FarWords(TravelGrammar grammar, string text, int[] codes, int[] best)
    {
        FarWord[] words = [.. grammar.FindFarWords(text)];
        return words.Count(w => Enumerable.Range(w.Start, w.Length).All(i => best[i - 1] == codes[i])) / (double)Math.Max(1, words.Length);
    }
}

using System.Globalization;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Labs.Memory;

/// <summary>`gpurnn lab memory`: how far back each cell remembers.</summary>
sealed class MemoryLab : Lab
{
    const double Remembers = 0.99;

    public override string Name => "memory";
    public override string Description => "The same cue at growing distances: how far back does each cell remember?";

    public override IReadOnlyList<OwnOption> Options { get; } =
    [
        OwnOption.Text("cells",
            "Which cells, by name, with _rotation behind it for a W_hh that begins as a rotation; all for each cell and rnn_tanh_rotation")
            with { Default = "all" },
        OwnOption.Numbers("distances", "Steps between cue and question", 100_000) with { Default = "5,10,20,50,100,200,500" },
        OwnOption.Whole("hidden", "Hidden units", 1, 4096) with { Default = "48" },
        OwnOption.Whole("batch", "Sequences a batch", 1, 4096) with { Default = "32" },
        OwnOption.Whole("steps", "Training steps of each network, at most", 1) with { Default = "2000" },
        OwnOption.Above0("rate", "Learning rate of Adam", 1e6) with { Default = "0.005" },
    ];

    public override void Run(LabOptions given, RunOutcome outcome, Action<double, string> say, CancellationToken cancel)
    {
        Contender[] all = given.Text("cells") == "all"
            ? [.. Cell.All.Select(c => new Contender(c, false)), new(Cell.RnnTanh, true)]
            : [.. given.Text("cells").Split(',').Select(Named)];
        MemoryOptions options = new(
            given.Numbers("distances"), given.Whole("hidden"), given.Whole("batch"), given.Whole("steps"), given.Number("rate"),
                given.Seed);
        using Device device = Device.Open(given.Device);
        Dictionary<Contender, (double Accuracy, int Steps)[]> results = [];
        double done = 0, work = all.Length * options.Distances.Sum();
        foreach (Contender contender in all)
        {
            (double, int)[] row = results[contender] = new (double, int)[options.Distances.Length];
            for (int d = 0; d < row.Length; d++)
            {
                int distance = options.Distances[d];
                row[d] = MemoryRun.Of(
                    device, contender, distance, options,
                    share => say((done + share * distance) / work, $"{contender.Name} over {distance} steps"), cancel);
                done += distance;
            }
        }
        Report(outcome, options, results, device);
    }

    static Contender Named(string name)
    {
        const string rotation = "_rotation";
        bool rotated = name.Trim().EndsWith(rotation, StringComparison.Ordinal);
        Cell cell = Cell.Named(rotated ? name.Trim()[..^rotation.Length] : name.Trim());
        if (rotated && cell.KeepGate is not null)
            throw new GpuRnnException($"'{name.Trim()}' cannot be: only cells without gates begin with a rotation.");
        return new(cell, rotated);
    }

    static void Report(RunOutcome outcome, MemoryOptions o, Dictionary<Contender, (double Accuracy, int Steps)[]> results, Device device)
    {
        Dictionary<string, object> cells = [];
        List<IReadOnlyList<string>> rows = [];
        double chance = 1.0 / CueTask.Cues;
        string At(int distance) => distance.ToString(CultureInfo.InvariantCulture);
        foreach ((Contender cell, (double Accuracy, int Steps)[] row) in results)
        {
            int reach = o.Distances.TakeWhile((_, i) => row[i].Accuracy >= Remembers).LastOrDefault();
            int lost = Array.FindIndex(row, r => r.Accuracy < (1 + chance) / 2);
            int? collapse = lost < 0 ? null : o.Distances[lost];
            cells[cell.Name] = new Dictionary<string, object?>
            {
                ["accuracy_by_distance"] = o.Distances.Zip(row).ToDictionary(p => At(p.First), p => p.Second.Accuracy),
                ["steps_by_distance"] = o.Distances.Zip(row).ToDictionary(p => At(p.First), p => p.Second.Steps),
                ["reach"] = reach, ["collapse_distance"] = collapse,
            };
            outcome.Lines.Add((cell.Name,
                collapse is null ? $"remembers over {reach} steps" : $"remembers over {reach} steps, does not over {collapse}"));
            rows.Add(
            [
                cell.Name,
                .. row.Select(r => r.Accuracy.ToString("F3", CultureInfo.InvariantCulture)),
                reach > 0 ? $"{reach}" : "-",
                collapse is null ? "-" : $"{collapse}"
            ]);
        }
        outcome.Metrics["cells"] = cells;
        outcome.Metrics["chance"] = chance;
        (outcome.Metrics["hidden"], outcome.Metrics["steps"], outcome.Metrics["batch"],
        outcome.Metrics["rate"], outcome.Metrics["seed"], outcome.Metrics["device"]) =
            (o.Hidden, o.Steps, o.Batch, o.Rate, o.Seed, device.Name);
        ReportSection section = outcome.Section("Right answers by distance").Text(
            $"A sequence is a cue (one of {CueTask.Cues}), symbols that mean nothing, and a question; the answer is the cue. "
            + $"For each cell and distance a network of {o.Hidden} units was trained until it knew, or for {o.Steps} steps. "
            + "Gated cells begin with memories of all lengths up to the distance (Tallec and Ollivier 2018); "
            + "a vanilla RNN has no gate to begin with.");
        double[] distances = [.. o.Distances.Select(d => (double)d)];
        outcome.Chart(section, new LineChart("How far back a cell remembers", "steps between cue and question", "share of right answers",
            [.. results.Select(r => new Series(r.Key.Name, distances, [.. r.Value.Select(v => v.Accuracy)]))])
        { LogX = true, YLimits = new(0, 1.05), References = [new("chance", chance)] }, "memory.png");
        section.Table(["cell", .. o.Distances.Select(At), "remembers (0.99)", "does not"], rows);
        outcome.Chart(section, new LineChart("Steps until it knew", "steps between cue and question", "training steps",
            [.. results.Select(r =>
                new Series(r.Key.Name, distances, [.. r.Value.Select(v => v.Accuracy >= Remembers ? v.Steps : double.NaN)]))])
        { LogX = true }, "steps.png");
    }
}

using System.CommandLine;
using System.Globalization;
using GpuRnn.Cli.Reports;
using GpuRnn.Cli.Tasks.Training;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Labs.Memory;

/// <summary>`gpurnn lab memory`: how far back each cell remembers.</summary>
static class MemoryLab
{
    const double Remembers = 0.99;

    public static Command Create()
    {
        LabSession lab = new("memory");
        Option<string> cells = new("--cells") { Description = "Which cells, by name (all).", DefaultValueFactory = _ => "all" };
        Option<string> distances = new("--distances") { Description = "Steps between cue and question (5,10,20,50,100,200,500).", DefaultValueFactory = _ => "5,10,20,50,100,200,500" };
        Option<int> hidden = new("--hidden") { Description = "Hidden units (48).", DefaultValueFactory = _ => 48 };
        Option<int> batch = new("--batch") { Description = "Sequences a batch (32).", DefaultValueFactory = _ => 32 };
        Option<int> steps = new("--steps") { Description = "Training steps of each cell (2000).", DefaultValueFactory = _ => 2000 };
        Option<double> rate = new("--rate") { Description = "Learning rate of Adam (0.005).", DefaultValueFactory = _ => 5e-3 };
        return lab.Create("The same cue at growing distances: how far back does each cell remember?", [cells, distances, hidden, batch, steps, rate], (parse, outcome, say, cancel) =>
        {
            foreach ((int value, string name) in new[] { (parse.GetValue(hidden), "--hidden"), (parse.GetValue(batch), "--batch"), (parse.GetValue(steps), "--steps") })
                if (value < 1) throw new GpuRnnException($"{name} is {value}; it must be at least 1.");
            if (!(parse.GetValue(rate) is > 0 and < 1e3)) throw new GpuRnnException($"--rate is {parse.GetValue(rate)}; it must be above 0.");
            Cell[] all = parse.GetValue(cells) == "all" ? [.. Cell.All] : [.. parse.GetValue(cells)!.Split(',').Select(c => Cell.Named(c.Trim()))];
            MemoryOptions options = new(LabSession.Numbers(parse.GetValue(distances)!, "--distances"), parse.GetValue(hidden), parse.GetValue(batch), parse.GetValue(steps), parse.GetValue(rate), parse.GetValue(lab.Seed));
            using Device device = Device.Open(parse.GetValue(lab.Device));
            Dictionary<Cell, double[]> accuracy = [];
            for (int i = 0; i < all.Length; i++)
                accuracy[all[i]] = MemoryRun.Of(device, all[i], options, share => say((i + share) / all.Length, $"{all[i].Name}, up to {options.Distances.Max()} steps"), cancel);
            Report(outcome, options, accuracy, device);
        });
    }

    static void Report(RunOutcome outcome, MemoryOptions o, Dictionary<Cell, double[]> accuracy, Device device)
    {
        Dictionary<string, object> cells = [];
        List<IReadOnlyList<string>> rows = [];
        double chance = 1.0 / CueTask.Cues;
        foreach ((Cell cell, double[] right) in accuracy)
        {
            int reach = o.Distances.TakeWhile((_, i) => right[i] >= Remembers).LastOrDefault();
            int lost = Array.FindIndex(right, r => r < (1 + chance) / 2);
            int? collapse = lost < 0 ? null : o.Distances[lost];
            cells[cell.Name] = new Dictionary<string, object?>
            {
                ["accuracy_by_distance"] = o.Distances.Zip(right).ToDictionary(p => p.First.ToString(CultureInfo.InvariantCulture), p => p.Second), ["reach"] = reach, ["collapse_distance"] = collapse,
            };
            string says = collapse is null ? $"remembers over {reach} steps" : $"remembers over {reach}, has forgotten at {collapse}";
            outcome.Lines.Add((cell.Name, says));
            rows.Add([cell.Name, .. right.Select(r => r.ToString("F3", CultureInfo.InvariantCulture)), reach > 0 ? $"{reach}" : "-", collapse is null ? "-" : $"{collapse}"]);
        }
        outcome.Metrics["cells"] = cells;
        outcome.Metrics["chance"] = chance;
        (outcome.Metrics["hidden"], outcome.Metrics["steps"], outcome.Metrics["batch"], outcome.Metrics["rate"], outcome.Metrics["seed"], outcome.Metrics["device"]) =
            (o.Hidden, o.Steps, o.Batch, o.Rate, o.Seed, device.Name);
        ReportSection section = outcome.Section("Right answers by distance").Text(
            $"A sequence is a cue (one of {CueTask.Cues}), symbols that mean nothing, and a question; the answer is the cue. Each cell of {o.Hidden} units was trained for {o.Steps} steps on all distances mixed. "
            + "Gated cells begin with memories of all lengths (Tallec and Ollivier 2018); a vanilla RNN has no gate to begin with.");
        outcome.Chart(section, new LineChart("How far back a cell remembers", "steps between cue and question", "share of right answers",
            [.. accuracy.Select(a => new Series(a.Key.Name, [.. o.Distances.Select(d => (double)d)], a.Value))]) { LogX = true, YLimits = new(0, 1.05), References = [new("chance", chance)] }, "memory.png");
        section.Table(["cell", .. o.Distances.Select(d => $"{d}"), "remembers (0.99)", "has forgotten"], rows);
    }
}

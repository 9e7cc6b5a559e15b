using System.CommandLine;
using System.Globalization;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks;
using GpuRnn.Programs;
using GpuRnn.Training;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn train TASK`: the same options for all tasks, and a task's own.</summary>
static class TrainCommand
{
    public static Command Create()
    {
        Command train = new("train", "Train a network on a task.");
        foreach (TrainingTask task in TaskCatalog.Tasks) train.Subcommands.Add(Of(task));
        return train;
    }

    static Command Of(TrainingTask task)
    {
        TrainOptions d = task.Defaults(false);
        Option<string?> data = new("--data") { Description = task.DataDescription };
        Option<string?> cell = new("--cell") { Description = $"lstm, gru, rnn or relevance, or any full name of a cell ({d.Cell})." };
        Option<int?> hidden = new("--hidden") { Description = $"Hidden units a layer ({d.Hidden})." };
        Option<int?> layers = new("--layers") { Description = $"Layers ({d.Layers})." };
        Option<int?> steps = new("--steps") { Description = $"Total steps ({d.Horizon})." };
        Option<double?> minutes = new("--minutes") { Description = "Minutes, instead of steps." };
        Option<int?> batch = new("--batch") { Description = $"Sequences a batch ({d.Batch})." };
        Option<int?> accumulate = new("--accumulate") { Description = "Batches whose gradients add up to a step's (1)." };
        Option<string?> optimizer = new("--optimizer") { Description = $"{OptimizerChoice.Names} ({d.Optimizer})." };
        Option<double?> rate = new("--rate") { Description = $"Learning rate ({d.Rate})." };
        Option<string?> schedule = new("--schedule")
        {
            Description =
                $"constant, cosine, one-cycle, step:EVERY[:FACTOR], inverse:HALVING; warm-up:STEPS+ before any of them ({d.Schedule})."
        };
        Option<int?> horizon =
            new("--horizon") { Description = $"Steps that the schedule spans ({d.Horizon}, or --steps if that is more)." };
        Option<double?> clip = new("--clip") { Description = $"Largest global norm of the gradient; 0 for none ({d.Clip})." };
        Option<string?> clipNorm = new("--clip-norm") { Description = "euclidean or infinity (euclidean)." };
        Option<double?> clipValue = new("--clip-value") { Description = "Largest magnitude of a gradient's element; 0 for none (0)." };
        Option<double?> dropout =
            new("--dropout") { Description = $"Share of numbers left out between layers and before the output ({d.Dropout})." };
        Option<bool> variational = new("--variational") { Description = "The same mask at all steps of a sequence." };
        Option<double?> weightDecay = new("--weight-decay") { Description = $"Weight decay; biases do not decay ({d.WeightDecay})." };
        Option<double?> smoothing =
            new("--smoothing") { Description = $"Share of a target that is spread over all classes ({d.Smoothing})." };
        Option<int?> patience = new("--patience")
        {
            Description = "Evaluations without an improvement until the run ends, with the best weights; 0 for never (0)."
        };
        Option<int?> memory = new("--memory")
        {
            Description = $"Steps that the longest dependency spans: gates' biases start accordingly; 0 as PyTorch ({d.Memory})."
        };
        Option<int?> seed = new("--seed") { Description = $"Seed of weights, order, masks and the built-in data ({d.Seed})." };
        Option<string?> device = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ..." };
        Option<string?> output = new("--out") { Description = $"Folder for model, metrics, pictures and report (runs/{task.Name})." };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace the run that the folder holds." };
        Option<string?> resume = new("--resume") { Description = "Go on with the run in this folder, bit for bit." };
        Option<bool> json = new("--json") { Description = "Metrics as JSON on standard output." };
        Option<string?>[] own =
            [.. task.Options.Select(o => new Option<string?>($"--{o.Name}") { Description = $"{o.Description} ({d.Own[o.Name]})." })];
        Option[] shape =
        [
            data, cell, hidden, layers, batch, accumulate,
            optimizer, rate, schedule, horizon,
            clip, clipNorm, clipValue,
            dropout, variational, weightDecay, smoothing,
            patience, memory, .. own, seed, output, overwrite,
        ];
        Command command = new(task.Name, task.Description);
        foreach (Option option in (Option[])[.. shape, steps, minutes, device, resume, json]) command.Options.Add(option);
        command.SetAction((parse, cancel) =>
        {
            RunLength length = Length(parse.GetValue(steps), parse.GetValue(minutes));
            if (parse.GetValue(resume) is { } resumed)
            {
                if (shape.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false }) is { } given)
                    throw new GpuRnnException(
                        $"--resume goes on with what the run in '{resumed}' was started with; leave {given.Name} out.");
                RunFolder folder = new(resumed);
                return Go(TrainOptions.FromMetadata(Checkpoint.Metadata(folder.Checkpoint), folder.Checkpoint, task.Name), folder,
                    RunStart.Resumed);
            }
            TrainOptions o = task.Defaults(parse.GetValue(data) is not null);
            o = o with
            {
                Task = task.Name,
                Data = parse.GetValue(data) is { } path ? Path.GetFullPath(path) : null,
                Cell = parse.GetValue(cell) is { } c ? Cell.Named(c).Name : o.Cell,
                Hidden = parse.GetValue(hidden) ?? o.Hidden,
                Layers = parse.GetValue(layers) ?? o.Layers,
                Batch = parse.GetValue(batch) ?? o.Batch,
                Accumulate = parse.GetValue(accumulate) ?? o.Accumulate,
                Optimizer = parse.GetValue(optimizer) ?? o.Optimizer,
                Rate = parse.GetValue(rate) ?? o.Rate,
                Schedule = parse.GetValue(schedule) ?? o.Schedule,
                Horizon = parse.GetValue(horizon) ?? Math.Max(o.Horizon, length.Steps ?? 0),
                Clip = parse.GetValue(clip) ?? o.Clip,
                ClipNorm = parse.GetValue(clipNorm) ?? o.ClipNorm,
                ClipValue = parse.GetValue(clipValue) ?? o.ClipValue,
                Dropout = parse.GetValue(dropout) ?? o.Dropout,
                Variational = parse.GetValue(variational),
                WeightDecay = parse.GetValue(weightDecay) ?? o.WeightDecay,
                Smoothing = parse.GetValue(smoothing) ?? o.Smoothing,
                Patience = parse.GetValue(patience) ?? o.Patience,
                Memory = parse.GetValue(memory) ?? o.Memory,
                Seed = parse.GetValue(seed) ?? o.Seed,
            };
            foreach ((OwnOption option, Option<string?> value) in task.Options.Zip(own))
                if (parse.GetValue(value) is { } text)
                    o.Own[option.Name] = option.Checked(text);
            RunFolder written = new(parse.GetValue(output) ?? Path.Combine("runs", task.Name));
            return Go(o.Checked(), written, parse.GetValue(overwrite) ? RunStart.Replacing : RunStart.New);

            Task<int> Go(TrainOptions options, RunFolder folder, RunStart start)
            {
                if (length is { Steps: null, Minutes: null }) length = new(options.Horizon, null);
                using TrainingSession session = new(task, options, folder, start, parse.GetValue(device), cancel);
                return Task.FromResult(Run(session, length, parse.GetValue(json), cancel));
            }
        });
        return command;
    }

    /// <summary>Returns the exit code.</summary>
    static int Run(TrainingSession session, RunLength length, bool json, CancellationToken cancel)
    {
        if (!json) AnsiConsole.MarkupLine(Screen.Literal(session.Summary));
        Train(session, length, json);
        OutcomeScreen.Show(session.Finish(), json);
        if (!cancel.IsCancellationRequested) return 0;
        Screen.Warn($"broken off after {session.Steps} steps and not judged; go on with: {session.Resuming}");
        return ExitCode.Interrupted;
    }

    static void Train(TrainingSession session, RunLength length, bool json)
    {
        // JSON has standard output to itself
        IAnsiConsole console = json ? AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }) : AnsiConsole.Console;
        ProgressColumn[] columns = [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()];
        console.Progress().AutoClear(json).Columns(columns).Start(context =>
        {
            ProgressTask bar = context.AddTask("starting", maxValue: 1);
            session.Train(length, p =>
            {
                bar.Value = p.Share;
                bar.Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"step {p.Step}  "
                    + $"loss {p.Loss:f3}  {p.ItemsPerSecond / 1000:f1}k {session.Items}/s  {p.Left:mm\\:ss} left");
            });
        });
    }

    static RunLength Length(int? steps, double? minutes)
    {
        if (steps is not null && minutes is not null) throw new GpuRnnException("--steps and --minutes exclude each other.");
        if (steps is int s) OptionLimits.Whole(s, "--steps", 1, int.MaxValue);
        if (minutes is double m) OptionLimits.Above0(m, "--minutes", 1e6);
        return new(steps, minutes);
    }
}

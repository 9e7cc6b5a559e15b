using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GpuRnn.Cli.Reports;
using GpuRnn.Cli.Tasks.Text;
using GpuRnn.Layers;
using Spectre.Console;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn train TASK`.</summary>
static class TrainCommand
{
    public static Command Create()
    {
        Command train = new("train", "Train a network on a task.");
        train.Subcommands.Add(Text());
        return train;
    }

    static Command Text()
    {
        Option<string?> data = new("--data") { Description = "A UTF-8 text file; without it, a grammar with long-range agreement whose entropy is known." };
        Option<string> cell = new("--cell") { Description = "lstm, gru, rnn or relevance (or any full name of a cell).", DefaultValueFactory = _ => "lstm" };
        Option<int> hidden = new("--hidden") { Description = "Hidden units a layer (96 for the grammar, 256 for a file)." };
        Option<int> layers = new("--layers") { Description = "Layers.", DefaultValueFactory = _ => 1 };
        Option<int?> steps = new("--steps") { Description = "Total steps." };
        Option<double?> minutes = new("--minutes") { Description = "Minutes, instead of steps." };
        Option<int> batch = new("--batch") { Description = "Streams that the text is cut into.", DefaultValueFactory = _ => 32 };
        Option<int> unroll = new("--unroll") { Description = "Characters a step and stream (80 for the grammar, 64 for a file)." };
        Option<double> rate = new("--rate") { Description = "Learning rate of Adam at the first step; it falls as 1 / (1 + step / 2000).", DefaultValueFactory = _ => 5e-3 };
        Option<double> clip = new("--clip") { Description = "Largest global norm of the gradient; 0 for none.", DefaultValueFactory = _ => 1 };
        Option<int> memory = new("--memory") { Description = "Steps that the longest dependency spans: gates' biases start accordingly; 0 as PyTorch (40 for the grammar, 0 for a file).", DefaultValueFactory = _ => -1 };
        Option<int> seed = new("--seed") { Description = "Seed of weights and of the built-in text.", DefaultValueFactory = _ => 1 };
        Option<string?> device = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ..." };
        Option<string?> output = new("--out") { Description = "Folder for model, vocabulary, metrics, picture and report (runs/text)." };
        Option<string?> resume = new("--resume") { Description = "Go on with the run in this folder, bit for bit." };
        Option<bool> json = new("--json") { Description = "Metrics as JSON on standard output." };
        Command text = new("text", "A character model: many-to-many, truncated backpropagation through time.")
        { data, cell, hidden, layers, steps, minutes, batch, unroll, rate, clip, memory, seed, device, output, resume, json };
        text.SetAction((parse, cancel) =>
        {
            string? resumed = parse.GetValue(resume);
            RunLength length = new(parse.GetValue(steps), parse.GetValue(minutes));
            if (length is { Steps: not null, Minutes: not null }) throw new GpuRnnException("--steps and --minutes exclude each other.");
            if (length.Steps < 1) throw new GpuRnnException($"--steps is {length.Steps}; it must be at least 1.");
            if (length.Minutes is double m && !(m > 0 && m < 1e6)) throw new GpuRnnException($"--minutes is {m}; it must be above 0.");
            if (resumed is not null)
            {
                Symbol[] fixedByRun = [data, cell, hidden, layers, batch, unroll, rate, clip, memory, seed, output];
                if (fixedByRun.FirstOrDefault(o => parse.GetResult(o) is { } r && r is not System.CommandLine.Parsing.OptionResult { Implicit: true }) is { } given)
                    throw new GpuRnnException($"--resume goes on with what the run in '{resumed}' was started with; leave {given.Name} out.");
            }
            TextOptions options = resumed is not null ? TextTrainer.OptionsOf(resumed) : new TextOptions
            {
                Data = parse.GetValue(data) is { } path ? Path.GetFullPath(path) : null, Cell = Cell.Named(parse.GetValue(cell)!).Name, Hidden = AtLeast(parse.GetValue(hidden), 0, "--hidden"),
                Layers = AtLeast(parse.GetValue(layers), 1, "--layers"), Batch = AtLeast(parse.GetValue(batch), 1, "--batch"), Unroll = AtLeast(parse.GetValue(unroll), 0, "--unroll"),
                Rate = Positive(parse.GetValue(rate), "--rate"), Clip = parse.GetValue(clip) is >= 0 and < double.PositiveInfinity and var c ? c : throw new GpuRnnException("--clip must be 0 or above."),
                Memory = AtLeast(parse.GetValue(memory), -1, "--memory"), Seed = AtLeast(parse.GetValue(seed), 0, "--seed"),
            }.Settled;
            if (length is { Steps: null, Minutes: null }) length = options.Data is null ? new(4000, null) : new(null, 3);
            return Task.FromResult(Run(options, length, resumed ?? parse.GetValue(output) ?? Path.Combine("runs", "text"), resumed is not null, parse.GetValue(device), parse.GetValue(json), cancel));
        });
        return text;
    }

    static int AtLeast(int value, int least, string option) =>
        value >= least ? value : throw new GpuRnnException($"{option} is {value}; it must be at least {least}.");

    static double Positive(double value, string option) =>
        value is > 0 and < double.PositiveInfinity ? value : throw new GpuRnnException($"{option} is {value}; it must be above 0.");

    static int Run(TextOptions options, RunLength length, string folder, bool resume, string? deviceName, bool json, CancellationToken cancel)
    {
        TextCorpus corpus = TextCorpus.Load(options.Data, options.Seed);
        using Device device = Device.Open(deviceName);
        MakeFolder(folder);
        using TextRun run = new(device, options, corpus, folder);
        IAnsiConsole console = json ? AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }) : AnsiConsole.Console;
        if (!json) console.MarkupLineInterpolated($"{corpus.Name}: {corpus.TrainingCodes.Length:N0} characters to train on, {corpus.Vocabulary.Size} different; {options.Cell} of {options.Hidden}; {device.Name}");
        ProgressColumn[] columns = [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()];
        console.Progress().AutoClear(json).Columns(columns).Start(context =>
        {
            ProgressTask task = context.AddTask("starting", maxValue: 1);
            run.Train(length, resume, p =>
            {
                task.Value = p.Share;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"step {p.Step}  loss {p.Nats:f3}  {p.TokensPerSecond / 1000:f0}k characters/s  {p.Left:mm\\:ss} left");
            }, cancel);
        });
        run.WriteMetrics();
        if (json) Console.WriteLine(JsonSerializer.Serialize(run.Metrics(), Json.Indented));
        else Report(console, run, corpus, folder);
        return cancel.IsCancellationRequested ? 130 : 0;
    }

    static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"The folder '{folder}' cannot be made: {e.Message}", e);
        }
    }

    static void Report(IAnsiConsole console, TextRun run, TextCorpus corpus, string folder)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "value");
        void Row(string name, string value) => table.AddRow(name, Markup.Escape(value));
        Row("validation, nats a character", run.ValidationNats.ToString("f4", CultureInfo.InvariantCulture));
        Row("test, nats a character", run.TestNats.ToString("f4", CultureInfo.InvariantCulture));
        if (corpus.Grammar is { } grammar)
        {
            Row("entropy of the text (no model can do better)", grammar.NatsPerCharacter.ToString("f4", CultureInfo.InvariantCulture));
            Row("far word right", string.Create(CultureInfo.InvariantCulture, $"{run.FarWordAccuracy:f4} (chance {grammar.ChanceAccuracy:f2})"));
        }
        Row("characters a second", run.TokensPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        Row("written", $"model.safetensors, vocabulary.json, metrics.json, {LossCurve.PictureName}, {TextReport.Name} in {folder}");
        console.Write(table);
        if (!PngWriter.HasLabels) console.WriteLine($"There are no fonts on this machine, so {LossCurve.PictureName} has no labels; {TextReport.Name} has them.");
        console.Write(new Panel(Markup.Escape(run.Sample(300))).Header("a sample"));
    }
}

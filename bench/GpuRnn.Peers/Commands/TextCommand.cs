using System.CommandLine;
using System.Diagnostics;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;
using GpuRnn.Peers.Libraries;
using GpuRnn.Peers.Reporting;
using GpuRnn.Peers.Text;
using GpuRnn.Training;

namespace GpuRnn.Peers.Commands;

/// <summary>`gpurnn train text` beside the same training in TorchSharp: speed and loss, in blocks of steps that alternate.</summary>
static class TextCommand
{
    static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "The text, UTF-8.", Required = true };
        Option<int> steps = new("--steps") { Description = "Steps of each (600).", DefaultValueFactory = _ => 600 };
        Option<int> every =
            new("--every") { Description = "Steps of a block, and between points of the curves (20).", DefaultValueFactory = _ => 20 };
        Command text =
            new("text", "Training on text: tokens a second and loss curves.") { data, steps, every, CompareCommand.JsonOption() };
        text.SetAction((parse, cancel) =>
        {
            (int all, int block) = (parse.GetValue(steps), parse.GetValue(every));
            if (block < 1 || all < 2 * block)
                throw new GpuRnnException($"--steps {all} with --every {block} cannot be: at least two blocks, each of at least 1 step.");
            Run(parse.GetValue(data)!, all / block, block, parse.GetValue<string?>("--json"), cancel);
            return Task.FromResult(0);
        });
        return text;
    }

    static void Run(string path, int blocks, int every, string? json, CancellationToken cancel)
    {
        Report.ThrowIfNoFolder(json);
        TrainOptions options = new TextTask().Defaults(ownData: true) with { Task = "text", Data = path };
        int unroll = options.Whole(TextTask.Unroll);
        TextCorpus corpus = TextCorpus.Load(path, options.Seed, cancel);
        using Device device = Device.Open("cpu");
        Participants.Prepare(device);
        using TextRun run = new(device, options, corpus);
        run.Initialize();
        run.Begin(0);
        using LibtorchText libtorch = new(options, corpus, run.Parameters.All.ToDictionary(p => p.Name, p => run.Parameters.Get(p.Name)));
        using Optimizer<float> optimizer = OptimizerChoice.Make(run.Parameters, options);
        Schedule schedule = Schedule.Named(options.Schedule);
        double Step()
        {
            double loss = run.Step(optimizer.Steps).Loss;
            optimizer.Rate = options.Rate * schedule.Factor(optimizer.Steps, options.Horizon);
            optimizer.Step();
            return loss;
        }
        List<double> ours = [], theirs = [];
        List<Losses> curve = [];
        for (int block = 1; block <= blocks; block++)
        {
            double a = Block(Step, ours), b = Block(libtorch.Step, theirs);
            curve.Add(new(block * every, a, b));
            Console.Error.WriteLine(
                $"step {block * every}: gpurnn {ours[^1]:F0} tokens/s, loss {a:F4}; libtorch {theirs[^1]:F0} tokens/s, loss {b:F4}");
        }
        LibraryText[] libraries = [Of("gpurnn", ours), Of("libtorch", theirs)];
        TextResult result =
            new("text", corpus.Name, corpus.TrainingCodes.Length, corpus.Vocabulary.Size, options.Cell, options.Hidden, options.Layers,
            options.Batch, unroll, blocks * every, libraries, curve);
        Report.Write(json, Report.Of<TextResult>(device, [result]));
        MarkdownTable table = new("library", "tokens/s", "least", "most", "loss");
        foreach (LibraryText l in libraries)
        {
            double loss = l.Library == Library.Gpurnn.Id ? curve[^1].Gpurnn : curve[^1].Libtorch;
            table.Add(l.Library, Figure.Of(l.TokensPerSecond), Figure.Of(l.TokensPerSecondMin), Figure.Of(l.TokensPerSecondMax),
                Figure.Fixed(loss, 4));
        }
        Console.WriteLine(table);

        // Steps of one library, their tokens a second, and their mean loss.
        double Block(Func<double> step, List<double> tokensPerSecond)
        {
            cancel.ThrowIfCancellationRequested();
            double loss = 0;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < every; i++) loss += step();
            tokensPerSecond.Add((double)every * options.Batch * unroll / Stopwatch.GetElapsedTime(start).TotalSeconds);
            Thread.Sleep(s_rest); // threads of OpenMP spin on for a while
            return loss / every;
        }
    }

    /// <summary>The median block; the first, in which memory is made and code compiled, is left out.</summary>
    static LibraryText Of(string library, List<double> blocks)
    {
        List<double> warm = blocks[1..];
        return new(library, Timing.Median(warm), warm.Min(), warm.Max());
    }
}

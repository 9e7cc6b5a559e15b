using System.CommandLine;
using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;
using GpuRnn.Models;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn sample`: text from a model of `train text`.</summary>
static class SampleCommand
{
    public const string Prompt = "--prompt";

    public static Command Create()
    {
        Option<string> folder = new("--model") { Description = "The folder that `train text` wrote.", Required = true };
        Option<string> prompt = new(Prompt) { Description = "What the text goes on from.", DefaultValueFactory = _ => "" };
        Option<int> length = new("--length") { Description = "Characters to write.", DefaultValueFactory = _ => 500 };
        Option<double> temperature = new("--temperature")
        {
            Description = "Below 1 bolder, above 1 wilder; 0 for the likeliest.",
            DefaultValueFactory = _ => 0.8
        };
        Option<int> top = new("--top-k") { Description = "Draw among the k likeliest only; 0 for all.", DefaultValueFactory = _ => 0 };
        Option<double> mass = new("--top-p")
        {
            Description = "Draw among the likeliest that have this share together; 1 for all.",
            DefaultValueFactory = _ => 1
        };
        Option<int> seed = new("--seed") { Description = "Seed of the draws.", DefaultValueFactory = _ => 1 };
        Option<string?> device = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ..." };
        Command sample = new("sample", "Write text with a trained model.") { folder, prompt, length, temperature, top, mass, seed, device };
        sample.SetAction((parse, cancel) =>
        {
            int count = OptionLimits.Whole(parse.GetValue(length), "--length", 1, OptionLimits.Many);
            Sampling sampling = new(parse.GetValue(temperature), parse.GetValue(top), parse.GetValue(mass));
            using Device opened = Device.Open(parse.GetValue(device));
            using TextModel model = TextModel.Load(opened, parse.GetValue(folder)!, out Vocabulary vocabulary, out _);
            Console.WriteLine(parse.GetValue(prompt)
                + TextSampler.Sample(model, vocabulary, parse.GetValue(prompt)!, count, sampling, parse.GetValue(seed), cancel));
            return Task.FromResult(0);
        });
        return sample;
    }
}

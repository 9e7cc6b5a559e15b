#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// A loop of one's own from parts: letters in, the next letter out, at every step; a run that is broken off goes on.
// dotnet run -c Release docs/examples/training-loop.cs
using System.Globalization;
using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.Training;

const string Text = "the quick brown fox jumps over the lazy dog. ";
const int Steps = 15, Sequences = 8, Hidden = 48, Total = 120;
string file = Path.Combine(Path.GetTempPath(), "letters.checkpoint");
char[] letters = [.. Text.Distinct().Order()];

double first = Train(until: Total / 2, resume: false); // as if the machine had stopped here
double last = Train(until: Total, resume: true);
double chance = Math.Log(letters.Length);
Console.WriteLine(FormattableString.Invariant($"loss {first:F3} after {Total / 2} steps, {last:F3} after {Total}; chance is {chance:F3}"));

double Train(int until, bool resume)
{
    using Device device = Device.Open();
    using Parameters<float> parameters = new(device);
    using Recurrent<float> network = new(parameters, Cell.Lstm, letters.Length, Hidden, new() { IndexInput = true });
    using Dense<float> layer = new(parameters, Hidden, letters.Length);
    network.Initialize(seed: 1);
    layer.Initialize(seed: 2);
    using Pass<float> pass = network.Plan(Steps, Sequences, new() { Training = true, InputGradient = false });
    using DropoutPass<float> dropout = new Dropout(new() { Rate = 0.1 }).Plan(pass);
    using DensePass<float> head = layer.Plan(dropout, Loss.SoftmaxCrossEntropy);
    using Adam<float> adam = new(parameters, rate: 1e-2, clip: new() { Norm = 1 });
    if (resume)
    {
        Checkpoint.Load(file, adam);
        int step = int.Parse(Checkpoint.Metadata(file)["step"], CultureInfo.InvariantCulture);
        (pass.DropoutStep, dropout.Step) = (step, step);
    }
    double loss = double.NaN;
    for (long step = adam.Steps; step < until; step++)
    {
        adam.Rate = 1e-2 * Schedule.Cosine.Factor(step, Total);
        (int[] x, int[] next) = Batch(step);
        pass.Forward(x, []);
        dropout.Forward();
        head.SetClasses(next);
        head.Forward(gradient: true);
        loss = head.ReadLoss();
        head.Backward();
        dropout.Backward();
        pass.Backward();
        adam.Step();
    }
    Checkpoint.Save(file, adam, new Dictionary<string, string> { ["step"] = until.ToString(CultureInfo.InvariantCulture) });
    return loss;
}

// [T, B]: a function of the step, so that a run that goes on reads what it would have read
(int[] X, int[] Next) Batch(long step)
{
    Random random = new((int)step);
    int[] x = new int[Steps * Sequences], next = new int[x.Length];
    for (int b = 0; b < Sequences; b++)
    {
        int from = random.Next(Text.Length);
        for (int t = 0; t < Steps; t++)
            (x[t * Sequences + b], next[t * Sequences + b]) = (Letter(from + t), Letter(from + t + 1));
    }
    return (x, next);
}

int Letter(int at) => Array.IndexOf(letters, Text[at % Text.Length]);

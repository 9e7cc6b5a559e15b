#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// A forecaster: the next value of noisy waves, from as much of each as there is. dotnet run -c Release docs/examples/forecasting.cs
using GpuRnn.Devices;
using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

const int Steps = 40, Sequences = 32;
string file = Path.Combine(Path.GetTempPath(), "forecaster.safetensors");

using Device device = Device.Open();
RegressorOptions shape = new() { InputSize = 1, Hidden = 32, Layers = 2, Loss = Loss.Huber(0.5) };
using SequenceRegressor<float> model = new(device, shape);
model.Initialize(seed: 1);
using RegressorPass<float> pass = model.Plan(Steps, Sequences, new() { Training = true, Dropout = new() { Rate = 0.05 } });
using AdamW<float> adam = new(model.Parameters, rate: 5e-3, clip: new() { Norm = 1 });
EarlyStopping<float> best = new(model.Parameters, patience: 4);
Random random = new(1);
Batch held = Draw();

for (int epoch = 0; epoch < 12 && !best.Enough; epoch++)
{
    pass.Evaluating = false;
    for (int i = 0; i < 20; i++)
    {
        Batch batch = Draw();
        pass.Forward(batch.X, batch.Lengths);
        pass.Loss(batch.Next, gradient: true);
        pass.Backward();
        adam.Step();
    }
    pass.Evaluating = true; // nothing is dropped, and what is measured is not learnt from
    pass.Forward(held.X, held.Lengths);
    best.Improved(pass.Loss(held.Next));
}
best.PutBack();
ModelFile.Save(file, model.Parameters, new Dictionary<string, string> { ["unit"] = "volts" });

// elsewhere: the same shape, the weights from the file, and a pass without what training needs
using SequenceRegressor<float> loaded = new(device, shape);
ModelFile.Load(file, loaded.Parameters);
using RegressorPass<float> forecast = loaded.Plan(Steps, Sequences);
Batch unseen = Draw();
forecast.Forward(unseen.X, unseen.Lengths);
float[] said = forecast.ReadOutputs();
double error = said.Zip(unseen.Next, (a, b) => Math.Abs(a - b)).Average();
double naive = unseen.Lengths.Select((n, b) => Math.Abs(unseen.X[(n - 1) * Sequences + b] - unseen.Next[b])).Average();
Console.WriteLine(FormattableString.Invariant($"mean error {error:F3}; of the last value as a forecast {naive:F3}"));

// [T, B, 1] waves of their own speed and phase, a length for each, and the value after it
Batch Draw()
{
    Batch batch = new(new float[Steps * Sequences], new int[Sequences], new float[Sequences]);
    for (int b = 0; b < Sequences; b++)
    {
        double speed = 0.2 + 0.4 * random.NextDouble(), phase = 6.28 * random.NextDouble();
        int length = batch.Lengths[b] = random.Next(Steps / 2, Steps + 1);
        for (int t = 0; t < length; t++)
            batch.X[t * Sequences + b] = (float)(Math.Sin(speed * t + phase) + 0.05 * (random.NextDouble() - 0.5));
        batch.Next[b] = (float)Math.Sin(speed * length + phase);
    }
    return batch;
}

record Batch(float[] X, int[] Lengths, float[] Next);

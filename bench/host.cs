#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
#:property TieredPGO=true
#:property ConcurrentGarbageCollection=true
// A host program under .NET's defaults: how soon the engine is fast, how fast it becomes, and how even live steps are.
// bench/host-settings runs it under several settings of the runtime.
using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Layers;

using Device device = Device.Open("cpu");
using Recurrent<float> network = new(device, Cell.Lstm, 128, 256), small = new(device, Cell.Gru, 16, 64);
network.Initialize(seed: 1);
small.Initialize(seed: 1);
using Pass<float> pass = network.Plan(50, 32, new() { Training = true }), live = small.Plan(1, 1);
float[] x = new float[50 * 32 * 128], y = new float[50 * 32 * 256], step = new float[16], h = new float[64];

long began = Stopwatch.GetTimestamp();
List<double> training = [];
for (int i = 0; i < 60; i++)
{
    long start = Stopwatch.GetTimestamp();
    pass.Forward(x, y);
    pass.Backward(y);
    device.Synchronize();
    training.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}
double first = training.Take(5).Sum();
training.Sort();

double[] steps = new double[60_000];
byte[][] garbage = new byte[200][]; // what else a host allocates
for (int i = 0; i < steps.Length; i++)
{
    long start = Stopwatch.GetTimestamp();
    live.Forward(step, h);
    steps[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    garbage[i % garbage.Length] = new byte[10_000];
}
double early = steps.Take(2000).Average();
double[] late = [.. steps.Skip(steps.Length / 2).Order()];
double median = training[training.Count / 2], later = late[late.Length / 2], slowest = late[late.Length * 999 / 1000];
Console.WriteLine(FormattableString.Invariant($"{first:F0}\t{median:F1}\t{early:F1}\t{later:F1}\t{slowest:F0}\t{GC.CollectionCount(0)}"));

#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
#:property TieredPGO=true
#:property ConcurrentGarbageCollection=true
// A host program under .NET's defaults: what the engine costs at first and later, in training and in live steps beside a host that
// allocates. Costs are processor time of the whole process with one worker: compiling and collecting count, other programs do not.
// bench/host-settings runs it under several settings of the runtime.
using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Layers;

using Process process = Process.GetCurrentProcess();
using Device device = Device.Open("cpu:1");
using Recurrent<float> network = new(device, Cell.Lstm, 128, 256), small = new(device, Cell.Gru, 16, 64);
network.Initialize(seed: 1);
small.Initialize(seed: 1);
using Pass<float> pass = network.Plan(50, 32, new() { Training = true }), live = small.Plan(1, 1);
float[] x = new float[50 * 32 * 128], y = new float[50 * 32 * 256], step = new float[16], h = new float[64];
byte[][] garbage = new byte[200][]; // what else a host allocates

double first = Cost(5, Train), later = 0;
for (int i = 0; i < 4; i++) later = Cost(40, Train) / 40;
double early = Cost(2000, Live) / 2000, late = 0;
for (int i = 0; i < 5; i++) late = Cost(20_000, Live) / 20_000;
process.Refresh();
Console.WriteLine(FormattableString.Invariant(
    $"{first:F0}\t{later:F1}\t{early * 1000:F1}\t{late * 1000:F1}\t{GC.CollectionCount(0)}\t{process.PeakWorkingSet64 / 1e6:F0}"));

double Cost(int times, Action<int> work)
{
    TimeSpan before = Used();
    for (int i = 0; i < times; i++) work(i);
    return (Used() - before).TotalMilliseconds;
}

TimeSpan Used()
{
    process.Refresh();
    return process.TotalProcessorTime;
}

void Train(int i)
{
    pass.Forward(x, y);
    pass.Backward(y);
    device.Synchronize();
}

void Live(int i)
{
    live.Forward(step, h);
    garbage[i % garbage.Length] = new byte[10_000];
}

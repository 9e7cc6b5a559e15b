#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
#:property TieredPGO=true
#:property TieredCompilationQuickJitForLoops=true
// What a program pays before its first result, in a process that is up: opening the CPU, an LSTM of 100,000 weights, its pass, and the
// first step of 8 sequences, under the defaults of .NET; then the same again, once everything is compiled. Milliseconds, methods that
// .NET compiled to open and in all, and what the process grew by.
// usage: dotnet run -c Release bench/start.cs [DEVICE]
using System.Diagnostics;
using System.Runtime;
using GpuRnn.Devices;
using GpuRnn.Layers;

const int Inputs = 64, Hidden = 128, Sequences = 8;
Stopwatch watch = new();
double Lap()
{
    double time = watch.Elapsed.TotalMilliseconds;
    watch.Restart();
    return time;
}
foreach (string turn in new[] { "first", "again" })
{
    long before = Environment.WorkingSet;
    long methods = JitInfo.GetCompiledMethodCount();
    watch.Restart();
    using Device device = Device.Open(args.FirstOrDefault("cpu"));
    double open = Lap();
    long opened = JitInfo.GetCompiledMethodCount() - methods;
    using Recurrent<float> network = new(device, Cell.Lstm, Inputs, Hidden);
    network.Initialize(1);
    double make = Lap();
    using Pass<float> pass = network.Plan(1, Sequences);
    double plan = Lap();
    pass.Forward(new float[Sequences * Inputs]);
    double step = Lap();
    Console.WriteLine(FormattableString.Invariant($"{turn}: open {open:F1}, network {make:F1}, plan {plan:F1}, step {step:F1}, together ")
        + FormattableString.Invariant($"{open + make + plan + step:F1} ms; ")
        + FormattableString.Invariant($"{opened} and {JitInfo.GetCompiledMethodCount() - methods} methods; ")
        + FormattableString.Invariant($"{(Environment.WorkingSet - before) / 1e6:F0} MB"));
}

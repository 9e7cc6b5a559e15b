#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// How long a call takes of passes so short that launches are most of it: one step of a GRU of one layer or eight, on the caller's
// thread alone and on all workers, one call behind the other and every 200 microseconds, when workers have fallen asleep. Microseconds.
// usage: dotnet run -c Release bench/latency.cs
using System.Diagnostics;
using GpuRnn.Devices;
using GpuRnn.Layers;

const int Inputs = 16, Calls = 20_000;
Console.WriteLine("device  B, H x layers calls            p50    p99  p99.9    most");
foreach (string name in new[] { "cpu:1", "cpu" })
    foreach ((int sequences, int hidden, int layers) in new[]
        { (1, 16, 1), (1, 16, 8), (8, 64, 1), (8, 256, 1), (64, 256, 1), (256, 256, 1) })
    {
        using Device device = Device.Open(name);
        using Recurrent<float> network = new(device, Cell.Gru, Inputs, hidden, new() { Layers = layers });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(1, sequences);
        pass.Forward(new float[sequences * Inputs]);
        for (int i = 0; i < Calls; i++) pass.Forward(); // past the JIT's tiers
        foreach (int pause in new[] { 0, 200 })
        {
            double[] times = new double[Calls / (pause > 0 ? 4 : 1)];
            for (int i = 0; i < times.Length; i++)
            {
                long began = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(began).TotalMicroseconds < pause) { }
                began = Stopwatch.GetTimestamp();
                pass.Forward();
                times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }
            Array.Sort(times);
            double At(double share) => times[(int)(share * (times.Length - 1))];
            string calls = pause > 0 ? "every 200 us" : "in a row";
            Console.WriteLine(FormattableString.Invariant($"{name,-7} {$"{sequences}, {hidden} x {layers}",-13} {calls,-13}")
                + FormattableString.Invariant($"{At(0.5),7:F1}{At(0.99),7:F1}{At(0.999),7:F1}{At(1),8:F1}"));
        }
    }

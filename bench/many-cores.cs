#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// What the plan's model says of more cores like this machine's: groups x members, and the share of the FMA peak. Nothing is measured.
// usage: dotnet run -c Release bench/many-cores.cs
using System.Runtime.Intrinsics;
using GpuRnn.Devices;
using GpuRnn.Layers;

const int Steps = 100, Gates = 4;
int vector = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
Console.WriteLine("| I = H, B, pass | 8 cores | 16 cores | 32 cores | 64 cores |");
Console.WriteLine("| -------------- | ------: | -------: | -------: | -------: |");
foreach ((int size, int sequences) in new[] { (128, 8), (256, 16), (256, 64), (512, 32), (1024, 64), (1024, 512) })
    foreach (bool training in new[] { false, true })
    {
        Console.Write($"| {size}, {sequences} {(training ? "training" : "forward")} ");
        foreach (int workers in new[] { 8, 16, 32, 64 })
        {
            using Device device = Device.Open($"cpu:{workers}", new() { PinWorkers = false, UseTuning = false });
            using Recurrent<float> network = new(device, Cell.Lstm, size, size);
            using Pass<float> pass = network.Plan(Steps, sequences, new() { Training = training });
            SharingTime best = pass.Candidates[0];
            double products = (double)Steps * sequences * Gates * size * 2 * size / vector / workers * (training ? 3 : 1);
            double share = 100 * products / best.Time;
            Console.Write(FormattableString.Invariant($"| {best.Sharing.Groups} x {best.Sharing.Members}, {share:F0}% "));
        }
        Console.WriteLine("|");
    }

#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// A program that runs kernels of its own with ILGPU: the engine works on its accelerator and stream, and reads what a kernel wrote without
// a copy.
// dotnet run -c Release docs/examples/own-device.cs
using System.Globalization;
using GpuRnn.Layers;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using Device = GpuRnn.Devices.Device; // ILGPU.Runtime has a Device too

const int Steps = 8, Sequences = 4, Inputs = 2, Hidden = 6;

using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).CPU());
using Accelerator accelerator = context.CreateCPUAccelerator(0);
using AcceleratorStream stream = accelerator.CreateStream();
using Device device = Device.From(accelerator, stream); // disposing it leaves accelerator and stream alone

using Recurrent<float> network = new(device, Cell.Lstm, Inputs, Hidden);
network.Initialize(seed: 1);
using Pass<float> pass = network.Plan(Steps, Sequences);
using MemoryBuffer1D<float, Stride1D.Dense> x = accelerator.Allocate1D<float>(Steps * Sequences * Inputs);
using MemoryBuffer1D<float, Stride1D.Dense> sums = accelerator.Allocate1D<float>(Sequences);
var fill = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.Fill);
var sum = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<float>, int, int>(Kernels.LastRow);

// three launches on one stream, and nothing waits until the end
pass.UseInput(x.View.AsContiguous());
fill(stream, (int)x.Length, x.View.AsContiguous());
pass.Forward();
sum(stream, Sequences, pass.Output, sums.View.AsContiguous(), (Steps - 1) * Sequences * Hidden, Hidden);
float[] got = new float[Sequences];
sums.View.CopyToCPU(stream, got);
stream.Synchronize();
Console.WriteLine($"sums of the last h: {string.Join(" ", got.Select(v => v.ToString("F4", CultureInfo.InvariantCulture)))}");

static class Kernels
{
    public static void Fill(Index1D i, ArrayView<float> x) => x[i] = 0.1f * (i % 7 - 3);

    public static void LastRow(Index1D b, ArrayView<float> y, ArrayView<float> sums, int from, int hidden)
    {
        float total = 0;
        for (int k = 0; k < hidden; k++) total += y[from + b * hidden + k];
        sums[b] = total;
    }
}

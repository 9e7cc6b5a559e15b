#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// A layer of one's own between the engine's: a residual connection, y = x + g * x^2 with a gain g an element.
// dotnet run -c Release docs/examples/own-layer.cs
using GpuRnn.Layers;
using GpuRnn.Training;
using ILGPU;
using ILGPU.Runtime;
using Device = GpuRnn.Devices.Device; // ILGPU.Runtime has a Device too

const int Steps = 6, Sequences = 16, Hidden = 12;

using Device device = Device.Open();
using Parameters<float> parameters = new(device);
using Recurrent<float> network = new(parameters, Cell.Gru, 1, Hidden);
Parameter gain = parameters.Declare("gain", Hidden);
using Dense<float> layer = new(parameters, Hidden, 1);
network.Initialize(seed: 1);
layer.Initialize(seed: 2);
using Pass<float> pass = network.Plan(Steps, Sequences, new() { Training = true, InputGradient = false });
using Residual residual = new(pass, parameters, gain);
using DensePass<float> head = layer.Plan(residual, Loss.MeanSquaredError, lastOnly: true);
using Adam<float> adam = new(parameters, rate: 1e-2);

Random random = new(1);
double first = 0, last = 0;
for (int step = 0; step < 200; step++)
{
    float[] x = [.. Enumerable.Range(0, Steps * Sequences).Select(_ => random.NextSingle() - 0.5f)];
    pass.Forward(x, []);
    residual.Forward();
    head.SetTargets([.. Enumerable.Range(0, Sequences).Select(b => Enumerable.Range(0, Steps).Sum(t => x[t * Sequences + b]))]);
    head.Forward(gradient: true);
    last = head.ReadLoss();
    if (step == 0) first = last;
    head.Backward();
    residual.Backward();
    pass.Backward();
    adam.Step();
}
float moved = parameters.Get("gain").Max(Math.Abs);
Console.WriteLine(FormattableString.Invariant($"loss {first:F4}, then {last:F4}; the gains moved by {moved:F3}"));

/// <summary>
/// Rows in, rows out; equations and their gradients are kernels of ILGPU on the device's stream. Rows of a source lie its OutputStride
/// apart, which may be more than OutputSize, and its gradient as its rows; one's own lie side by side.
/// </summary>
sealed class Residual : CustomSource<float>
{
    readonly Source<float> source;
    readonly Parameters<float> parameters;
    readonly Parameter gain;
    readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int> forward;
    readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int> backward;
    readonly Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int> gains;

    public Residual(Source<float> source, Parameters<float> parameters, Parameter gain)
        : base(source, source.OutputSize, parameters, source)
    {
        (this.source, this.parameters, this.gain) = (source, parameters, gain);
        Accelerator accelerator = Device.Accelerator;
        forward = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int>(Forward);
        backward = accelerator.LoadAutoGroupedKernel<
            Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int>(Backward);
        gains = accelerator.LoadAutoGroupedKernel<
            Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int>(Gains);
    }

    int Rows => Steps * Sequences; // all sequences have all steps here

    protected override void WriteRows() => forward(
        Device.Stream, Rows * OutputSize, source.Output, parameters.ValueOf(gain), Output, OutputSize, source.OutputStride);

    protected override void WriteGradients(bool accumulate)
    {
        gains(Device.Stream, OutputSize, source.Output, OutputGradient, parameters.GradientOf(gain), OutputSize, source.OutputStride, Rows,
            accumulate ? 1 : 0);
        backward(Device.Stream, Rows * OutputSize, source.Output, parameters.ValueOf(gain), OutputGradient, source.OutputGradient,
            OutputSize, source.OutputStride);
    }

    static void Forward(Index1D i, ArrayView<float> x, ArrayView<float> g, ArrayView<float> y, int size, int stride)
    {
        int k = i % size, at = i / size * stride + k;
        y[i] = x[at] + g[k] * x[at] * x[at];
    }

    static void Backward(
        Index1D i, ArrayView<float> x, ArrayView<float> g, ArrayView<float> dy, ArrayView<float> dx, int size, int stride)
    {
        int k = i % size, at = i / size * stride + k;
        dx[at] = dy[i] * (1 + 2 * g[k] * x[at]);
    }

    static void Gains(
        Index1D k, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dg, int size, int stride, int rows, int add)
    {
        float sum = add != 0 ? dg[k] : 0;
        for (int r = 0; r < rows; r++) sum += dy[r * size + k] * x[r * stride + k] * x[r * stride + k];
        dg[k] = sum;
    }
}

#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// A cell of one's own: a leaky unit, h = (1 - a) h + a tanh(W x + U h + b), on every device. docs/adding-a-cell.md explains the contract.
// dotnet run -c Release docs/examples/own-cell.cs
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Layers;

using Device device = Device.Open();
using Recurrent<double> leaky = new(device, Cell.Of("leaky", typeof(Leaky<>)), inputSize: 2, hiddenSize: 5);
leaky.Initialize(seed: 1);
using Pass<double> pass = leaky.Plan(steps: 6, sequences: 1, new() { Training = true });

double[] x = [.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))], ones = [.. Enumerable.Repeat(1.0, 30)];
double before = pass.Forward(x).Sum();
pass.Backward(ones);
double slope = leaky.Parameters.GetGradient("weight_hh_l0")[7];

// the same slope, measured
double[] weights = leaky.Parameters.Get("weight_hh_l0");
weights[7] += 1e-6;
leaky.Parameters.Set("weight_hh_l0", weights);
double measured = (pass.Forward(x).Sum() - before) / 1e-6;
Console.WriteLine(FormattableString.Invariant($"gradient {slope:F5}, measured {measured:F5}"));

/// <summary>One gate, one slot, no c.</summary>
public struct Leaky<L> : ICell<L, Slots1<L>> where L : struct, ILane<L>
{
    const double Leak = 0.3;

    public static IReadOnlyList<CellTensor> Tensors => CellTensor.OfGates(1, oneBias: true);
    public static bool CarriesH => true;
    public static int InputCount => 1;
    public static int HiddenCount => 1;

    public static void Forward(ref Slots1<L> slots, ref State<L> state)
    {
        slots.A = L.Tanh(slots.A);
        state.H = L.Fma(L.Splat(Leak), slots.A - state.H, state.H);
    }

    public static void Backward(ref Slots1<L> slots, ref State<L> grad, State<L> previous, State<L> now)
    {
        slots.A = grad.H * L.Splat(Leak) * (L.Splat(1) - slots.A * slots.A);
        grad.H *= L.Splat(1 - Leak);
    }
}

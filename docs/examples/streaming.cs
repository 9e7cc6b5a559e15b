#:project ../../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
// Live sequences: each sends a few steps now and then, and goes on where it was. dotnet run -c Release docs/examples/streaming.cs
using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.State;

const int Inputs = 3, Hidden = 16;

using Device device = Device.Open();
using Recurrent<float> network = new(device, Cell.Gru, Inputs, Hidden);
network.Initialize(seed: 1);

// one pass for all batches up to its size, and the states of up to a thousand sequences on the device
using Pass<float> pass = network.Plan(steps: 4, sequences: 8);
using StateStore<float, string> store = new(network, capacity: 1000);
foreach (string sensor in new[] { "roof", "cellar", "garden" }) store.Open(sensor);

// whoever has something to say is in a batch: keys in any order, lengths of their own
Say(["garden", "roof"], steps: 3, lengths: [3, 1]);
Say(["roof"], steps: 2, lengths: [2]);
Say(["cellar", "roof", "garden"], steps: 1, lengths: [1, 1, 1]);

// roof has said 1 + 2 + 1 steps: the same as four in one go
float[] h = new float[Hidden], whole = new float[Hidden];
store.Read("roof", h);
store.Open("at once");
Say(["at once"], steps: 4, lengths: [4]);
store.Read("at once", whole);
float difference = h.Zip(whole, (a, b) => Math.Abs(a - b)).Max();
Console.WriteLine(FormattableString.Invariant($"{store.Count} sequences; parts and whole differ by {difference:F6}"));

void Say(string[] keys, int steps, int[] lengths)
{
    store.Bind(pass, keys, steps, lengths);
    float[] x = new float[steps * keys.Length * Inputs];
    Array.Fill(x, 0.5f);
    float[] y = pass.Forward(x); // [T, B, H]; states go back to the store
    Console.WriteLine(FormattableString.Invariant($"{string.Join(", ", keys)}: {y.Length / Hidden} rows, first {y[0]:F4}"));
}

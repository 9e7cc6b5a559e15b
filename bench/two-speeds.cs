#:project ../src/GpuRnn/GpuRnn.csproj
#:property PublishAot=false
#:property AllowUnsafeBlocks=true
// Why the same pass has two speeds for minutes at a time: training of the fourth shape, again and again, and beside each call what the
// machine gives at that moment, on one thread: FMAs in independent chains, and reads from arrays that the second-level cache, the last
// one and none holds. Then the calls are split into the slower and the faster half: what is slower with them is the cause.
// usage: dotnet run -c Release bench/two-speeds.cs [MINUTES] [T,B,I,H]
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GpuRnn.Devices;
using GpuRnn.Layers;

double minutes = double.Parse(args.ElementAtOrDefault(0) ?? "5", CultureInfo.InvariantCulture);
int[] shape = [.. (args.ElementAtOrDefault(1) ?? "20,512,32,64").Split(',').Select(int.Parse)];
using Device device = Device.Open("cpu");
using Recurrent<float> network = new(device, Cell.Lstm, shape[2], shape[3]);
network.Initialize(1);
using Pass<float> pass = network.Plan(shape[0], shape[1], new() { Training = true });
pass.Forward(new float[shape[0] * shape[1] * shape[2]]);
pass.Backward(new float[shape[0] * shape[1] * shape[3]]);

const long Kilo = 1 << 10, Mega = 1 << 20;
string[] names = ["pass", "FMAs", "second level", "last level", "memory"];
Func<double>[] measures = [Pass, Chains, () => Read(512 * Kilo), () => Read(8 * Mega), () => Read(256 * Mega)];
List<double[]> samples = [];
for (int i = 0; i < 3; i++) foreach (Func<double> measure in measures) measure(); // compiled, and touched
Stopwatch watch = Stopwatch.StartNew();
while (watch.Elapsed.TotalMinutes < minutes)
{
    samples.Add([.. measures.Select(measure => measure())]);
    Console.Error.Write($"\r{watch.Elapsed.TotalMinutes:F1} of {minutes} minutes ");
    Thread.Sleep(50);
}
Console.Error.WriteLine();
double[][] sorted = [.. samples.OrderBy(sample => sample[0])];
double[][] fast = sorted[..(sorted.Length / 2)], slow = sorted[(sorted.Length / 2)..];
Console.WriteLine($"{samples.Count} samples of lstm training {string.Join(", ", shape)}");
Console.WriteLine("                 fastest   median  slowest   slower half / faster half   correlation with the pass");
for (int m = 0; m < measures.Length; m++)
{
    double[] all = [.. sorted.Select(sample => sample[m]).Order()];
    string unit = m == 0 ? "ms" : "us";
    Console.WriteLine(FormattableString.Invariant($"{names[m],-14}{all[0],10:F2}{all[all.Length / 2],9:F2}{all[^1],9:F2} {unit}")
        + FormattableString.Invariant($"{Median(slow, m) / Median(fast, m),14:F3}{Correlation(sorted, m),30:F2}"));
}

double Pass()
{
    long began = Stopwatch.GetTimestamp();
    for (int i = 0; i < 3; i++)
    {
        pass.Forward();
        pass.Backward();
    }
    return Stopwatch.GetElapsedTime(began).TotalMilliseconds / 3;
}

static double Median(double[][] samples, int m) => samples.Select(sample => sample[m]).Order().ElementAt(samples.Length / 2);

/// Of ranks: a few calls that something interrupted count no more than others.
static double Correlation(double[][] samples, int m)
{
    int[] ranks = new int[samples.Length];
    int[] order = [.. Enumerable.Range(0, samples.Length).OrderBy(i => samples[i][m])];
    for (int i = 0; i < order.Length; i++) ranks[order[i]] = i;
    double n = samples.Length, squares = ranks.Select((rank, i) => Math.Pow(rank - i, 2)).Sum();
    return 1 - 6 * squares / (n * (n * n - 1));
}

/// Microseconds of 100,000 times 12 FMAs.
[MethodImpl(MethodImplOptions.AggressiveOptimization)]
static double Chains()
{
    Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
    Vector512<float> a = x, b = y, c = x, d = y, e = x, f = y, g = x, h = y, i = x, j = y, k = x, l = y;
    long began = Stopwatch.GetTimestamp();
    for (int n = 0; n < 100_000; n++)
    {
        a = Vector512.FusedMultiplyAdd(a, x, y); b = Vector512.FusedMultiplyAdd(b, x, y); c = Vector512.FusedMultiplyAdd(c, x, y);
        d = Vector512.FusedMultiplyAdd(d, x, y); e = Vector512.FusedMultiplyAdd(e, x, y); f = Vector512.FusedMultiplyAdd(f, x, y);
        g = Vector512.FusedMultiplyAdd(g, x, y); h = Vector512.FusedMultiplyAdd(h, x, y); i = Vector512.FusedMultiplyAdd(i, x, y);
        j = Vector512.FusedMultiplyAdd(j, x, y); k = Vector512.FusedMultiplyAdd(k, x, y); l = Vector512.FusedMultiplyAdd(l, x, y);
    }
    double time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    GC.KeepAlive(Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l));
    return time;
}

/// Microseconds a megabyte, of 64 MB at least from an array of so many bytes.
[MethodImpl(MethodImplOptions.AggressiveOptimization)]
static unsafe double Read(long bytes)
{
    ref nint memory = ref CollectionsMarshal.GetValueRefOrAddDefault(Arrays.All, bytes, out bool there)!;
    if (!there)
    {
        memory = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Clear((void*)memory, (nuint)bytes);
    }
    long turns = Math.Max(1, 64 * Mega / bytes), length = bytes / sizeof(float);
    float* p = (float*)memory;
    Vector512<float> a = default, b = default, c = default, d = default;
    long began = Stopwatch.GetTimestamp();
    for (long turn = 0; turn < turns; turn++)
        for (long i = 0; i < length; i += 64)
        {
            a += Vector512.Load(p + i);
            b += Vector512.Load(p + i + 16);
            c += Vector512.Load(p + i + 32);
            d += Vector512.Load(p + i + 48);
        }
    double time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    GC.KeepAlive(Vector512.Sum(a + b + c + d));
    return time / (turns * bytes / (double)Mega);
}

static class Arrays
{
    public static Dictionary<long, nint> All { get; } = [];
}

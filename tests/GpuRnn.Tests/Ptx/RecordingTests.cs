using System.Reflection;
using GpuRnn.Backends.Recorded;
using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Layers;
using GpuRnn.Memory;
using GpuRnn.Ptx.Engine;
using GpuRnn.Training;
using ILGPU;

namespace GpuRnn.Tests.Ptx;

/// <summary>Launches that are recorded once and replayed do what single ones do, whatever changes between the runs.</summary>
public class RecordingTests
{
    const int T = 9, B = 3, I = 4, H = 17;

    /// <summary>Numbers, lengths and weights change from step to step, and all comes out as on the CPU, where nothing is kept.</summary>
    [Test]
    public void ReplayedPassesFollowWhatChanges()
    {
        using PtxGpu gpu = new();
        using Device cpu = Device.Open("cpu:1");
        List<float[]> expected = Train(cpu), got = Train(gpu.Device);
        Assert.That(gpu.Replays, Is.GreaterThan(10));
        for (int i = 0; i < expected.Count; i++) Assert.That(got[i], Is.EqualTo(expected[i]).Within(2e-5), $"result {i}");
    }

    static List<float[]> Train(Device device)
    {
        Random random = new(3);
        Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.Lstm, I, H, new() { Layers = 2 });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(T, B, new() { Training = true, InputGradient = true, Strategy = Strategy.HiddenOwned });
        using Sgd<float> optimizer = new(parameters, 0.1);
        List<float[]> results = [];
        for (int step = 0; step < 8; step++)
        {
            float[] x = [.. Enumerable.Range(0, T * B * I).Select(_ => random.NextSingle() - 0.5f)];
            float[] dy = [.. Enumerable.Range(0, T * B * H).Select(_ => random.NextSingle() - 0.5f)];
            pass.SetLengths(T, step < 5 ? [T, T, T] : [T, 4, random.Next(5)]);
            float[] y = new float[T * B * H], dx = new float[T * B * I];
            pass.Forward(x, y);
            pass.Backward(dy);
            pass.GetInputGradient(dx);
            optimizer.Step();
            results.AddRange([y, dx, parameters.GetAll()]);
        }
        return results;
    }

    /// <summary>A launch is another one as soon as any number or memory of its arguments is.</summary>
    [Test]
    public void EveryFieldOfTheArgumentsIsPartOfTheKey()
    {
        using Device device = Device.Open("cpu:1");
        using DeviceArray<float> numbers = new(device, 8);
        using DeviceArray<int> places = new(device, 8);
        using DeviceArray<byte> bytes = new(device, 8);
        object[] buffers = [numbers.Buffer, places.Buffer, bytes.Buffer];
        ArgumentKey none = new(), key = new();
        none.Fill(default(SequenceArguments<float>));
        int count = 0;
        foreach (FieldInfo[] path in Paths(typeof(SequenceArguments<float>)))
        {
            object value = path[^1].FieldType == typeof(int) ? 5 : buffers.Single(b => b.GetType() == path[^1].FieldType);
            key.Fill((SequenceArguments<float>)With(default(SequenceArguments<float>), path, value));
            Assert.That(key.Equals(none), Is.False, string.Join('.', path.Select(f => f.Name)));
            count++;
        }
        Assert.That(count, Is.GreaterThan(100));
        key.Fill(default(SequenceArguments<float>));
        Assert.That(key.Equals(none));
    }

    static IEnumerable<FieldInfo[]> Paths(Type type) =>
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        from path in field.FieldType == typeof(int) || field.FieldType.Name == typeof(Buffer<>).Name
            ? [[field]]
            : Paths(field.FieldType).Select(rest => (FieldInfo[])[field, .. rest])
        select path;

    static object With(object holder, ReadOnlySpan<FieldInfo> path, object value)
    {
        path[0].SetValue(holder, path.Length == 1 ? value : With(path[0].GetValue(holder)!, path[1..], value));
        return holder;
    }
}

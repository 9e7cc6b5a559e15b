using GpuRnn.Data;
using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Metrics;
using GpuRnn.Models;
using GpuRnn.Tests.Devices;
using GpuRnn.Tests.Interop;
using GpuRnn.Training;

namespace GpuRnn.Tests.Contracts;

/// <summary>Long calls say how far they are, and end when they are told to: nothing is half done.</summary>
public class LongCallTests : FolderTests
{
    /// <summary>Told on the calling thread, and cancels once it has heard enough.</summary>
    sealed class Share(int enough = int.MaxValue) : IProgress<double>
    {
        readonly CancellationTokenSource source = new();
        public readonly List<double> Heard = [];
        public CancellationToken Cancel => source.Token;

        public void Report(double value)
        {
            Heard.Add(value);
            if (Heard.Count >= enough) source.Cancel();
        }
    }

    static void AssertRising(Share share, int least)
    {
        Assert.That(share.Heard, Has.Count.GreaterThanOrEqualTo(least));
        Assert.That(share.Heard, Is.Ordered);
        Assert.That(share.Heard, Is.All.InRange(0, 1));
    }

    [Test]
    public void ASearch()
    {
        using EncoderDecoder<float> model = new(TestDevices.Get("cpu"), new() { SourceSize = 5, TargetSize = 6, Hidden = 4 });
        model.Initialize(1);
        using BeamSearch<float> search = model.PlanSearch(3, 8, 2, beam: 2);
        Share whole = new(), part = new(2);
        Hypothesis[] right = search.Run(new int[6], [3, 2], 2, 3, progress: whole);
        AssertRising(whole, 3);
        Assert.Throws<OperationCanceledException>(() => search.Run(new int[6], [3, 2], 2, 3, part, part.Cancel));
        Assert.That(part.Heard, Has.Count.EqualTo(2));
        Assert.That(search.Run(new int[6], [3, 2], 2, 3)[0].Indices, Is.EqualTo(right[0].Indices), "it can search again");
    }

    [Test]
    public void AFile()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 2, 3);
        network.Initialize(1);
        string path = Path.Combine(folder, "model.safetensors");
        Share written = new(), read = new();
        ModelFile.Save(path, network.Parameters, progress: written);
        AssertRising(written, 4);
        byte[] before = File.ReadAllBytes(path);
        float[] weights = network.Parameters.GetAll();
        network.Initialize(2);
        float[] others = network.Parameters.GetAll();
        Share stopped = new(2);
        Assert.Throws<OperationCanceledException>(
            () => ModelFile.Save(path, network.Parameters, cancel: stopped.Cancel, progress: stopped));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before), "the old file is as it was");
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
        stopped = new(2);
        Assert.Throws<OperationCanceledException>(() => ModelFile.Load(path, network.Parameters, stopped, stopped.Cancel));
        Assert.That(network.Parameters.GetAll(), Is.EqualTo(others), "the weights are as they were");
        ModelFile.Load(path, network.Parameters, progress: read);
        AssertRising(read, 4);
        Assert.That(network.Parameters.GetAll(), Is.EqualTo(weights));
    }

    [Test]
    public void ACheckpoint()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 2, 3);
        network.Initialize(1);
        using Adam<float> adam = new(network.Parameters);
        adam.Step();
        string path = Path.Combine(folder, "checkpoint.safetensors");
        Share written = new(), read = new(), stopped = new(2);
        Checkpoint.Save(path, adam, progress: written);
        AssertRising(written, 3);
        (byte[] before, float[] weights) = (File.ReadAllBytes(path), network.Parameters.GetAll());
        adam.Step();
        network.Initialize(2);
        float[] others = network.Parameters.GetAll();
        Assert.Throws<OperationCanceledException>(() => Checkpoint.Save(path, adam, progress: stopped, cancel: stopped.Cancel));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before), "the old file is as it was");
        stopped = new(2);
        Assert.Throws<OperationCanceledException>(() => Checkpoint.Load(path, adam, stopped, stopped.Cancel));
        Assert.That((network.Parameters.GetAll(), adam.Steps), Is.EqualTo((others, 2)), "nothing is half-loaded");
        Checkpoint.Load(path, adam, read);
        AssertRising(read, 3);
        Assert.That((network.Parameters.GetAll(), adam.Steps), Is.EqualTo((weights, 1)));
    }

    [Test]
    public void AText()
    {
        string path = Path.Combine(folder, "lines.txt");
        File.WriteAllLines(path, Enumerable.Repeat(new string('x', 99), 5000));
        Share whole = new(), part = new(2);
        using (TextLines lines = TextLines.Open(path, progress: whole)) Assert.That(lines.Count, Is.EqualTo(5000));
        AssertRising(whole, 5);
        Assert.Throws<OperationCanceledException>(() => TextLines.Open(path, part, part.Cancel));
    }

    [Test]
    public void ABootstrap()
    {
        Share whole = new(), part = new(3);
        double[] scores = [1, 2, 3, 4];
        bool[] labels = [true, false, true, false];
        Bootstrap.StandardError(scores, labels, (s, _) => s[0], 1, 10, progress: whole);
        AssertRising(whole, 10);
        Assert.Throws<OperationCanceledException>(() => Bootstrap.StandardError(scores, labels, (s, _) => s[0], 1, 10, part, part.Cancel));
    }
}

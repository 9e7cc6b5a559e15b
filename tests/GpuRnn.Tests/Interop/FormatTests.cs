using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Tests.Devices;
using GpuRnn.Training;

namespace GpuRnn.Tests.Interop;

/// <summary>
/// Files that 0.1.0 wrote are read as it wrote them, and files of a later version are refused. The weights of files-0.1.0 are ((37 i +
/// from) mod 101 - 50) / 64.
/// </summary>
public class FormatTests : FolderTests
{
    static string Old(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Interop", "files-0.1.0", name);

    static float[] Row(long count, int from) => [.. Enumerable.Range(0, (int)count).Select(i => ((i * 37 + from) % 101 - 50) / 64f)];

    static Device Cpu => TestDevices.Get("cpu");

    [Test]
    public void ALayeredModel()
    {
        using Parameters<float> parameters = new(Cpu);
        using Recurrent<float> network = new(
            parameters, Cell.Lstm, 3, 4, new() { Layers = 2, Directions = Directions.Concatenated });
        using Dense<float> head = new(parameters, 8, 2, Activation.Tanh);
        Assert.That(ModelFile.Load(Old("lstm.safetensors"), parameters)["note"], Is.EqualTo("two layers"));
        Assert.That(parameters.GetAll(), Is.EqualTo(Row(parameters.Length, 0)));
    }

    [Test]
    public void AModelOfDoubles()
    {
        using Recurrent<double> network = new(Cpu, Cell.Gru, 2, 3);
        ModelFile.Load(Old("gru-double.safetensors"), network.Parameters);
        foreach (Parameter p in network.Parameters.All)
            Assert.That(network.Parameters.Get(p.Name), Is.EqualTo(Row(p.Length, (int)p.Offset).Select(v => (double)v)), p.Name);
    }

    static ClassifierOptions Shape(Cell cell) => new() { InputSize = 5, Classes = 3, Hidden = 4, IndexInput = true, Cell = cell };

    [Test]
    public void AClassifier()
    {
        using SequenceClassifier<float> model = new(Cpu, Shape(Cell.Relevance));
        ModelFile.Load(Old("classifier.safetensors"), model.Parameters);
        Assert.That(model.Parameters.GetAll(), Is.EqualTo(Row(model.Parameters.Length, 7)));
    }

    [Test]
    public void AnEncoderDecoder()
    {
        using EncoderDecoder<float> model = new(Cpu, new() { SourceSize = 3, TargetSize = 4, EmbeddingSize = 2, Hidden = 4 });
        ModelFile.Load(Old("encoder-decoder.safetensors"), model.Parameters);
        Assert.That(model.Parameters.GetAll(), Is.EqualTo(Row(model.Parameters.Length, 3)));
    }

    [Test]
    public void ACellIsStillTold()
    {
        using SequenceClassifier<float> other = new(Cpu, Shape(Cell.RelevanceTanh));
        Assert.That(LineOfFile(() => ModelFile.Load(Old("classifier.safetensors"), other.Parameters)), Does.Contain("another model"));
    }

    static readonly Dictionary<string, (Func<Parameters<float>, Optimizer<float>> Make, int States)> s_optimizers = new()
    {
        ["adamw"] = (p => new AdamW<float>(p), 2), ["adam"] = (p => new Adam<float>(p), 2),
        ["sgd"] = (p => new Sgd<float>(p, 0.1, momentum: 0.9), 1), ["rmsprop"] = (p => new RmsProp<float>(p), 2),
    };

    [Test]
    public void ACheckpoint([Values("adamw", "adam", "sgd", "rmsprop")] string kind)
    {
        using Recurrent<float> network = new(Cpu, Cell.Gru, 2, 3);
        using Optimizer<float> optimizer = s_optimizers[kind].Make(network.Parameters);
        long n = network.Parameters.Length;
        string path = Old($"{kind}.checkpoint");
        Assert.That(Checkpoint.Metadata(path)["epoch"], Is.EqualTo("3"));
        KeptArray<float> kept = Checkpoint.Load(path, optimizer).Single();
        Assert.That((kept.Name, kept.Data), Is.EqualTo(("carried", Row(6, 9))));
        Assert.That(network.Parameters.GetAll(), Is.EqualTo(Row(n, 1)));
        Assert.That(optimizer.Steps, Is.EqualTo(12));
        IReadOnlyList<float[]> states = optimizer.ReadStates();
        Assert.That(states, Has.Count.EqualTo(s_optimizers[kind].States));
        for (int s = 0; s < states.Count; s++) Assert.That(states[s], Is.EqualTo(Row(n, 2 + s)));
    }

    static string LineOfFile(Action action) => Assert.Throws<BadFileException>(() => action())!.Message;

    [TestCase("2", "take a newer GpuRnn"), TestCase("1000000", "take a newer GpuRnn")]
    [TestCase("0", "expected a whole number"), TestCase("one", "expected a whole number"), TestCase("", "expected a whole number")]
    public void AnUnknownVersionIsOneLine(string version, string expected)
    {
        using Recurrent<float> network = new(Cpu, Cell.Gru, 2, 3);
        using Sgd<float> sgd = new(network.Parameters, 0.1);
        foreach (bool checkpoint in new[] { false, true })
        {
            if (checkpoint) Checkpoint.Save(file, sgd);
            else ModelFile.Save(file, network.Parameters);
            Rewrite(version);
            float[] before = network.Parameters.GetAll();
            foreach (Action read in checkpoint
                ? [() => Checkpoint.Load(file, sgd), () => Checkpoint.Metadata(file)]
                    : new Action[] { () => ModelFile.Load(file, network.Parameters) })
                Assert.That(LineOf(read), Does.Contain(expected));
            Assert.That(network.Parameters.GetAll(), Is.EqualTo(before));
        }
    }

    [Test]
    public void AModelThatIsWrittenAgainSaysTheFormatOfNow()
    {
        using Recurrent<double> network = new(Cpu, Cell.Gru, 2, 3);
        IReadOnlyDictionary<string, string> read = ModelFile.Load(Old("gru-double.safetensors"), network.Parameters);
        Dictionary<string, string> metadata = new(read) { ["gpurnn_format"] = "999" };
        ModelFile.Save(file, network.Parameters, metadata);
        Assert.That(ModelFile.Load(file, network.Parameters)["gpurnn_format"], Is.EqualTo("1"));
    }

    /// <summary>The same file with another version.</summary>
    void Rewrite(string version)
    {
        Dictionary<string, string> metadata;
        List<(string, IReadOnlyList<long>, Array)> tensors;
        using (SafetensorsFile read = SafetensorsFile.Open(file))
        {
            Assert.That(read.Metadata["gpurnn_format"], Is.EqualTo("1"));
            metadata = new(read.Metadata) { ["gpurnn_format"] = version };
            tensors = [.. read.Tensors.Values.Select(t => (t.Name, t.Shape, (Array)read.ReadSingle(t.Name)))];
        }
        SafetensorsWriter.Write(file, metadata, tensors);
    }
}

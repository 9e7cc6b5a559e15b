using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Tests.Training;

/// <summary>Models and checkpoints are written and read whole: of one moment, and of one model.</summary>
public class WholeFileTests : FolderTests
{
    static Recurrent<float> Network(Cell cell, int input = 10, int hidden = 4, Directions directions = Directions.Forward)
    {
        Recurrent<float> network = new(TestDevices.Get("cpu"), cell, input, hidden, new() { Directions = directions });
        network.Initialize(1);
        return network;
    }

    /// <summary>Beside another thread's steps a file is of one step, or refused: all weights of these files are one number.</summary>
    [TestCase(true), TestCase(false)]
    public void AFileIsOfOneMoment(bool checkpoint)
    {
        using Recurrent<float> network = Network(Cell.Gru, 64, 96);
        Parameters<float> p = network.Parameters;
        foreach (Parameter one in p.All) p.Set(one.Name, new float[one.Length]);
        using Sgd<float> sgd = new(p, 1, 0.5);
        using CancellationTokenSource stop = new();
        int steps = 0;
        Task training = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                try
                {
                    GpuRnn.Memory.DeviceCopy.Upload<float>(p.Device, Enumerable.Repeat(-1f, (int)p.Length).ToArray(), p.Gradients);
                    sgd.Step();
                    steps++;
                }
                catch (InvalidOperationException)
                {
                    Thread.Yield(); // a file is being made
                }
        });
        int whole = 0;
        for (DateTime end = DateTime.UtcNow.AddSeconds(20); whole < 25 && DateTime.UtcNow < end;)
            try
            {
                if (checkpoint) Checkpoint.Save(file, sgd);
                else ModelFile.Save(file, p);
                using SafetensorsFile read = SafetensorsFile.Open(file);
                float[][] tensors = [.. read.Tensors.Keys.Where(k => k != "optimizer.0").Select(read.ReadSingle)];
                Assert.That(tensors.SelectMany(t => t).Distinct().Count(), Is.EqualTo(1));
                whole++;
            }
            catch (InvalidOperationException)
            {
                Thread.Yield(); // a step is being taken
            }
        stop.Cancel();
        training.Wait();
        Assert.That((whole > 0, steps > 0), Is.EqualTo((true, true)), $"{whole} files beside {steps} steps");
    }

    static IEnumerable<TestCaseData> Others()
    {
        yield return new TestCaseData(Network(Cell.Gru), Network(Cell.Gru, 28, 2), "weight_ih_l0")
            .SetArgDisplayNames("as many weights in another shape");
        yield return new TestCaseData(Network(Cell.RnnTanh), Network(Cell.RnnRelu), "rnn_tanh")
            .SetArgDisplayNames("another cell of the same shape");
        yield return new TestCaseData(Network(Cell.Lstm), Network(Cell.Lstm, directions: Directions.Reverse), "Forward")
            .SetArgDisplayNames("the other direction");
        yield return new TestCaseData(
            Network(Cell.Lstm, directions: Directions.Summed), Network(Cell.Lstm, directions: Directions.Concatenated), "Summed")
                .SetArgDisplayNames("another sum");
    }

    [TestCaseSource(nameof(Others))]
    public void AnotherModelIsRefusedAndNothingChanged(Recurrent<float> written, Recurrent<float> read, string difference)
    {
        using (written)
        using (read)
        {
            using Sgd<float> a = new(written.Parameters, 1), b = new(read.Parameters, 1);
            float[] before = read.Parameters.GetAll();
            Checkpoint.Save(file, a);
            Assert.That(() => Checkpoint.Load(file, b), Throws.TypeOf<BadFileException>().With.Message.Contains(
                difference).And.Message.Not.Contains("\n"));
            ModelFile.Save(file, written.Parameters);
            Assert.That(() => ModelFile.Load(file, read.Parameters), Throws.TypeOf<BadFileException>().With.Message.Contains(difference));
            Assert.That(read.Parameters.GetAll(), Is.EqualTo(before));
        }
    }

    [Test]
    public void AnotherActivationIsRefused()
    {
        using Parameters<float> a = new(TestDevices.Get("cpu")), b = new(TestDevices.Get("cpu"));
        using Dense<float> tanh = new(a, 3, 2, Activation.Tanh), relu = new(b, 3, 2, Activation.Relu);
        ModelFile.Save(file, a);
        Assert.That(() => ModelFile.Load(file, b), Throws.TypeOf<BadFileException>().With.Message.Contains("Tanh"));
    }

    /// <summary>An optimizer's arrays mean something else to another one of as many.</summary>
    [Test]
    public void AnotherOptimizerIsRefused()
    {
        using Recurrent<float> network = Network(Cell.Gru);
        using Adam<float> adam = new(network.Parameters);
        using AdamW<float> adamW = new(network.Parameters);
        using Sgd<float> momentum = new(network.Parameters, 1, 0.9), nesterov = new(network.Parameters, 1, 0.9, nesterov: true);
        Checkpoint.Save(file, adam);
        Assert.That(() => Checkpoint.Load(file, adamW), Throws.TypeOf<BadFileException>().With.Message.Contains("'adam', not of 'adamw'"));
        Checkpoint.Save(file, momentum);
        Assert.That(() => Checkpoint.Load(file, nesterov), Throws.TypeOf<BadFileException>().With.Message.Contains(
            "'sgd', not of 'sgd_nesterov'"));
    }

    /// <summary>A file whose last tensor cannot be read replaces none of the others.</summary>
    [TestCase("whole numbers"), TestCase("transposed"), TestCase("too large for a float"), TestCase("one missing"), TestCase("one more")]
    public void AModelIsReadWholeOrNotAtAll(string fault)
    {
        using Recurrent<float> network = Network(Cell.RnnTanh, 3, 2);
        float[] before = network.Parameters.GetAll();
        List<(string, IReadOnlyList<long>, Array)> tensors =
        [
            .. network.Parameters.All.Select(
                p => (p.Name, (IReadOnlyList<long>)[.. p.Shape.Select(d => (long)d)], (Array)new float[p.Length]))
        ];
        switch (fault)
        {
            case "whole numbers": tensors[^1] = (tensors[^1].Item1, tensors[^1].Item2, new long[2]); break;
            case "too large for a float": tensors[^1] = (tensors[^1].Item1, tensors[^1].Item2, new[] { 0, 1e300 }); break;
            case "transposed": tensors[0] = (tensors[0].Item1, [3, 2], tensors[0].Item3); break;
            case "one missing": tensors.RemoveAt(3); break;
            default: tensors.Add(("more", [1], new float[1])); break;
        }
        SafetensorsWriter.Write(file, null, tensors);
        Assert.That(() => ModelFile.Load(file, network.Parameters), Throws.TypeOf<BadFileException>());
        Assert.That(network.Parameters.GetAll(), Is.EqualTo(before));
        Assert.That(() => network.Parameters.SetAll(new float[3]), Throws.TypeOf<BadArgumentException>());
        Assert.That(network.Parameters.GetAll(), Is.EqualTo(before));
    }
}

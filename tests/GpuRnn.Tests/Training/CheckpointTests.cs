using GpuRnn.Data;
using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Tests.Training;

/// <summary>A run that is broken off and goes on is the run that was not; files that lie change nothing.</summary>
public class CheckpointTests : FolderTests
{
    const int T = 5, B = 4, Symbols = 6, Classes = 3;

    static readonly Dictionary<string, Func<Parameters<float>, Optimizer<float>>> s_optimizers = new()
    {
        ["sgd"] = p => new Sgd<float>(p, 0.1),
        ["momentum"] = p => new Sgd<float>(p, 0.1, 0.9, 0.01),
        ["nesterov"] = p => new Sgd<float>(p, 0.1, 0.9, nesterov: true),
        ["rmsprop"] = p => new RmsProp<float>(p, 0.01, momentum: 0.5, weightDecay: 0.01),
        ["adam"] = p => new Adam<float>(p, 0.01, weightDecay: 0.1),
        ["adamw"] = p => new AdamW<float>(p, 0.01, weightDecay: 0.1, groups: [ParameterGroup.VectorsDoNotDecay]),
    };

    /// <summary>In double precision too, to the last bit.</summary>
    [Test]
    public void DoublesGoOn()
    {
        double[] Train(GpuRnn.Layers.Recurrent<double> network, Optimizer<double> optimizer, int steps)
        {
            using GpuRnn.Layers.Pass<double> pass = network.Plan(3, 2, new() { Training = true });
            for (int i = 0; i < steps; i++)
            {
                pass.Forward(Numbers.Random(12, 1));
                pass.Backward(Numbers.Random(18, 2));
                optimizer.Step();
            }
            return network.Parameters.GetAll();
        }
        GpuRnn.Layers.Recurrent<double> New() => new(TestDevices.Get("cpu"), GpuRnn.Layers.Cell.Gru, 2, 3);
        using GpuRnn.Layers.Recurrent<double> whole = New(), first = New(), second = New();
        using AdamW<double> all = new(whole.Parameters), half = new(first.Parameters), rest = new(second.Parameters);
        double[] right = Train(whole, all, 5), kept = [1.0 / 3, double.Epsilon];
        Train(first, half, 2);
        Checkpoint.Save(file, half, kept: [new("kept", kept)]);
        Assert.That(Checkpoint.Load(file, rest).Single().Data, Is.EqualTo(kept));
        Assert.That(Train(second, rest, 3), Is.EqualTo(right).AsCollection);
    }

    static IEnumerable<string> Optimizers() => s_optimizers.Keys;

    /// <summary>A small model in training, its batches a function of the step.</summary>
    sealed class Run : IDisposable
    {
        readonly SequenceClassifier<float> model;
        readonly ClassifierPass<float> pass;

        public Run(string optimizer, int hidden = 7)
        {
            model = new(TestDevices.Get("cpu"), new() { InputSize = Symbols, IndexInput = true, Classes = Classes, Hidden = hidden });
            model.Initialize(1);
            pass = model.Plan(T, B, new() { Training = true });
            Optimizer = s_optimizers[optimizer](model.Parameters);
        }

        public Optimizer<float> Optimizer { get; }

        public Run Train(int from, int to)
        {
            for (int step = from; step < to; step++)
            {
                SplitMix random = new((ulong)step);
                pass.Forward([.. Enumerable.Range(0, T * B).Select(_ => random.Below(Symbols))], [5, 5, 3, 1], step);
                pass.Loss([.. Enumerable.Range(0, B).Select(_ => random.Below(Classes))], gradient: true);
                pass.Backward();
                Optimizer.Step();
            }
            return this;
        }

        public int[] Bits => Of(model.Parameters.GetAll());
        public int[][] StateBits => [.. Optimizer.ReadStates().Select(Of)];

        public void Dispose()
        {
            Optimizer.Dispose();
            pass.Dispose();
            model.Dispose();
        }
    }

    static int[] Of(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];

    [TestCaseSource(nameof(Optimizers))]
    public void SixStepsAreThreeAndThree(string optimizer)
    {
        using Run whole = new Run(optimizer).Train(0, 6), first = new Run(optimizer).Train(0, 3), second = new(optimizer),
            forgetful = new(optimizer);
        Checkpoint.Save(file, first.Optimizer);
        Checkpoint.Load(file, second.Optimizer);
        Assert.That(second.Bits, Is.EqualTo(first.Bits));
        Assert.That(second.StateBits, Is.EqualTo(first.StateBits));
        Assert.That(second.Optimizer.Steps, Is.EqualTo(3));
        second.Train(3, 6);
        Assert.That(second.Bits, Is.EqualTo(whole.Bits));
        Assert.That(second.StateBits, Is.EqualTo(whole.StateBits));
        if (optimizer == "sgd") return; // nothing but weights to forget
        Checkpoint.Load(file, forgetful.Optimizer);
        forgetful.Optimizer.WriteStates(0, [.. first.Optimizer.ReadStates().Select(s => new float[s.Length])]);
        Assert.That(forgetful.Train(3, 6).Bits, Is.Not.EqualTo(whole.Bits), "states matter");
    }

    [Test]
    public void WhatIsKeptComesBackBitForBit()
    {
        float[] odd = [float.NaN, BitConverter.Int32BitsToSingle(0x7FC12345), -0f, float.Epsilon, float.NegativeInfinity, float.MaxValue,
            0.1f];
        using Run run = new Run("adam").Train(0, 1);
        Checkpoint.Save(file, run.Optimizer, new Dictionary<string, string> { ["task"] = "none ünd \"so\"" },
            [new("odd", odd), new("none", [])]);
        Assert.That(Checkpoint.Metadata(file)["task"], Is.EqualTo("none ünd \"so\""));
        Dictionary<string, float[]> kept = Checkpoint.Load(file, run.Optimizer).ToDictionary(k => k.Name, k => k.Data);
        Assert.That(kept.Keys, Is.EquivalentTo(new[] { "odd", "none" }));
        Assert.That(Of(kept["odd"]), Is.EqualTo(Of(odd)));
        Assert.That(kept["none"], Is.Empty);
    }

    void AssertRefused(Run run, string expected)
    {
        (int[] weights, int[][] states, long steps) = (run.Bits, run.StateBits, run.Optimizer.Steps);
        string message = Assert.Throws<BadFileException>(() => Checkpoint.Load(file, run.Optimizer))!.Message;
        Assert.That(message, Does.Contain(file).And.Contain(expected).And.Not.Contain("\n"));
        Assert.That(run.Bits, Is.EqualTo(weights), "weights are as they were");
        Assert.That(run.StateBits, Is.EqualTo(states), "states are as they were");
        Assert.That(run.Optimizer.Steps, Is.EqualTo(steps));
    }

    [TestCase("adam", "adam", 6, "the model has"),
    TestCase("sgd", "adam", 7, "of the optimizer 'sgd'"),
    TestCase("rmsprop", "adam", 7, "of the optimizer 'rmsprop', not of 'adam'")]
    public void ARunOfAnotherKindIsRefused(string written, string read, int hidden, string expected)
    {
        using Run other = new Run(written, hidden).Train(0, 1), run = new Run(read).Train(0, 2);
        Checkpoint.Save(file, other.Optimizer);
        AssertRefused(run, expected);
    }

    static IEnumerable<TestCaseData> Lies()
    {
        TestCaseData Lie(string name, string expected, Func<int, IEnumerable<(string, Array)>> tensors, string? steps = "3",
            string? kind = "adam") =>
            new TestCaseData(expected, tensors, steps, kind).SetArgDisplayNames(name);
        (string, Array) Floats(string name, int n) => (name, new float[n]);
        yield return Lie("no weights", "has no weights", n => [Floats("optimizer.0", n), Floats("optimizer.1", n)]);
        yield return Lie("no states", "2 arrays of", n => [Floats("weights", n)]);
        yield return Lie("one state", "2 arrays of", n => [Floats("weights", n), Floats("optimizer.0", n)]);
        yield return Lie("a short state", "2 arrays of", n => [Floats("weights", n), Floats("optimizer.0", n),
            Floats("optimizer.1", n - 1)]);
        yield return Lie("one weight more", "weights; the model has", n =>
            [Floats("weights", n + 1), Floats("optimizer.0", n), Floats("optimizer.1", n)]);
        yield return Lie(
            "weights that are whole numbers",
            "expected F32 or F64",
            n => [("weights", new long[n]), Floats("optimizer.0", n), Floats("optimizer.1", n)]);
        yield return Lie(
            "states that are whole numbers",
            "expected F32 or F64",
            n => [Floats("weights", n), Floats("optimizer.0", n), ("optimizer.1", new int[n])]);
        yield return Lie(
            "kept numbers that are whole",
            "expected F32 or F64",
            n => [Floats("weights", n), Floats("optimizer.0", n), Floats("optimizer.1", n), ("kept.h", new int[3])]);
        foreach (string? steps in new[] { null, "", "-1", "3.5", "99999999999999999999" })
            yield return Lie(
                $"steps {steps ?? "not there"}",
                "how many steps",
                n => [Floats("weights", n), Floats("optimizer.0", n), Floats("optimizer.1", n)],
                steps);
        yield return Lie("no optimizer", "of the optimizer ''", n =>
            [Floats("weights", n), Floats("optimizer.0", n), Floats("optimizer.1", n)], kind: null);
    }

    [TestCaseSource(nameof(Lies))]
    public void FilesThatLieAreRefused(
        string expected, Func<int, IEnumerable<(string Name, Array Data)>> tensors, string? steps, string? kind)
    {
        using Run run = new Run("adam").Train(0, 2);
        Parameters<float> parameters = run.Optimizer.Parameters;
        Dictionary<string, string> metadata = new()
        {
            ["model_parts"] = string.Join('\n', parameters.Parts), ["model_tensors"] = string.Join('\n', parameters.Shapes),
        };
        if (steps is not null) metadata["optimizer_steps"] = steps;
        if (kind is not null) metadata["optimizer_kind"] = kind;
        SafetensorsWriter.Write(file, metadata, tensors(run.Bits.Length)
            .Select(t => (t.Name, (IReadOnlyList<long>)[t.Data.Length], t.Data)));
        AssertRefused(run, expected);
    }

    [Test]
    public void WhatIsNoFileOfTensorsIsRefused()
    {
        using Run run = new Run("adam").Train(0, 2);
        AssertRefused(run, "there is no such file");
        File.WriteAllText(file, "");
        AssertRefused(run, "0 bytes");
        File.WriteAllText(file, "all that is needed to go on");
        AssertRefused(run, "");
        Checkpoint.Save(file, run.Optimizer);
        using (FileStream stream = File.OpenWrite(file)) stream.SetLength(stream.Length - 1);
        AssertRefused(run, "");
    }
}

using GpuRnn.Layers;
using GpuRnn.Models;
using GpuRnn.Tests.Devices;
using GpuRnn.Tests.Numerics;

namespace GpuRnn.Tests.Training;

/// <summary>A training plan evaluates as a plan for inference does, and goes on learning as if it had not.</summary>
public class EvaluatingTests
{
    const int T = 4, B = 3, I = 2, H = 6, V = 3;
    static readonly DropoutOptions s_half = new() { Rate = 0.5, Seed = 3 };
    static readonly float[] s_x = Numbers.To<float>(Numbers.Random(T * B * I, 4));
    static readonly int[] s_lengths = [4, 1, 3];

    static SequenceClassifier<float> Model(string device)
    {
        SequenceClassifier<float> model = new(TestDevices.Get(device), new() { InputSize = I, Classes = V, Hidden = H, Layers = 2 });
        model.Initialize(1);
        return model;
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void ItIsInference(string device)
    {
        using SequenceClassifier<float> model = Model(device);
        using ClassifierPass<float> training = model.Plan(T, B, new() { Training = true, Dropout = s_half }), judging = model.Plan(T, B);
        judging.Forward(s_x, s_lengths);
        double[] right = judging.ReadProbabilities();
        training.Forward(s_x, s_lengths);
        Assert.That(training.ReadProbabilities(), Is.Not.EqualTo(right).AsCollection, "something is dropped");
        training.Evaluating = true;
        training.Forward(s_x, s_lengths);
        Assert.That(training.ReadProbabilities(), Is.EqualTo(right).AsCollection);
        Assert.That(training.Loss([0, 1, 2]), Is.EqualTo(judging.Loss([0, 1, 2])));
        training.Loss([0, 1, 2], gradient: true);
        Assert.That(() => training.Backward(), Throws.InvalidOperationException.With.Message.Contains("Evaluating"));
    }

    [TestCaseSource(typeof(TestDevices), nameof(TestDevices.Ids)), Category("Device")]
    public void LearningGoesOnAsIfNothingHadBeen(string device)
    {
        float[] Learn(bool look)
        {
            using SequenceClassifier<float> model = Model(device);
            using ClassifierPass<float> pass = model.Plan(T, B, new() { Training = true, Dropout = s_half });
            for (int step = 0; step < 3; step++)
            {
                pass.Evaluating = false;
                pass.Forward(s_x, s_lengths);
                pass.Loss([0, 1, 2], gradient: true);
                pass.Backward(accumulate: step > 0);
                pass.Evaluating = true;
                if (look) pass.Forward(s_x, [2, 2, 2]);
                if (look) pass.ReadProbabilities();
            }
            return [.. model.Parameters.All.SelectMany(p => model.Parameters.GetGradient(p.Name))];
        }
        float[] right = Learn(look: false);
        Assert.That(Learn(look: true), Is.EqualTo(right).AsCollection);
        Assert.That(right, Has.Some.Not.Zero);
    }

    /// <summary>A switch without a forward pass changes nothing of what was run.</summary>
    [Test]
    public void ASwitchAloneChangesNoRows()
    {
        using SequenceClassifier<float> model = Model("cpu");
        using Pass<float> pass = model.Network.Plan(T, B, new() { Training = true });
        using DropoutPass<float> dropout = new Dropout(s_half).Plan(pass);
        using DensePass<float> head = model.Head.Plan(dropout);
        pass.Forward(s_x, []);
        dropout.Forward();
        head.Forward();
        float[] before = head.ReadOutputs();
        pass.Evaluating = true;
        head.Forward();
        Assert.That(head.ReadOutputs(), Is.EqualTo(before).AsCollection);
    }

    [Test]
    public void ADropoutStepAdvancesByItself()
    {
        using SequenceClassifier<float> model = Model("cpu");
        using Pass<float> pass = model.Network.Plan(T, B, new() { Training = true });
        using DropoutPass<float> dropout = new Dropout(s_half).Plan(pass);
        float[] Rows()
        {
            float[] rows = new float[T * B * H];
            GpuRnn.Memory.DeviceCopy.Download<float>(model.Parameters.Device, dropout.Output, rows);
            return rows;
        }
        pass.Forward(s_x, []);
        dropout.Forward();
        float[] first = Rows();
        dropout.Forward();
        float[] second = Rows();
        Assert.That(dropout.Step, Is.EqualTo(2));
        Assert.That(second, Is.Not.EqualTo(first).AsCollection);
        dropout.Step = 0;
        dropout.Forward();
        Assert.That(Rows(), Is.EqualTo(first).AsCollection);
        dropout.Forward(step: 1);
        Assert.That(Rows(), Is.EqualTo(second).AsCollection);
        Assert.That(dropout.Step, Is.EqualTo(2));
        pass.Evaluating = true;
        pass.Forward(s_x, []);
        dropout.Forward();
        Assert.That(dropout.Step, Is.EqualTo(2), "nothing was learnt");
        Assert.That(Rows(), Is.EqualTo(pass.Forward(s_x)).AsCollection);
    }
}

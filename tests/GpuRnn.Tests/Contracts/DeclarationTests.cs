using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Tests.Contracts;

/// <summary>A layer is declared whole or not at all, and a tensor is read in the model that it belongs to.</summary>
public class DeclarationTests
{
    static TestCaseData Case(string name, Action<Parameters<float>> refused, Action<Parameters<float>> right) =>
        new TestCaseData(refused, right).SetArgDisplayNames(name);

    /// <summary>Layers that are refused for a name which is taken, after other tensors of theirs were declared; and right ones.</summary>
    public static IEnumerable<TestCaseData> Layers =>
    [
        Case("recurrent", p => _ = new Recurrent<float>(p, Cell.Lstm, 2, 3, new() { Layers = 2, Prefix = "a." }),
            p => _ = new Recurrent<float>(p, Cell.Lstm, 2, 3, new() { Layers = 2, Prefix = "a.", Bias = false })),
        Case("recurrent in two directions",
            p => _ = new Recurrent<float>(p, Cell.Gru, 2, 3, new() { Directions = Directions.Summed, Layers = 2, Prefix = "a." }),
            p => _ = new Recurrent<float>(p, Cell.Gru, 2, 3, new() { Directions = Directions.Summed, Prefix = "a." })),
        Case("dense", p => _ = new Dense<float>(p, 3, 2, prefix: "b."), p => _ = new Dense<float>(p, 5, 2, bias: false, prefix: "b.")),
        Case("attention", p => _ = new Attention<float>(p, AttentionKind.Additive, 3, 3, prefix: "c."),
            p => _ = new Dense<float>(p, 3, 3, prefix: "c.query.")),
    ];

    static Parameters<float> Taken()
    {
        Parameters<float> parameters = new(TestDevices.Get("cpu"));
        foreach (string name in (string[])["a.bias_hh_l1", "b.bias", "c.vector"]) parameters.Declare(name, 1);
        return parameters;
    }

    static string[] Said(Parameters<float> parameters) => [.. parameters.Shapes, .. parameters.Parts];

    [TestCaseSource(nameof(Layers))]
    public void ARefusedLayerLeavesNothing(Action<Parameters<float>> refused, Action<Parameters<float>> right)
    {
        using Parameters<float> parameters = Taken(), plain = Taken();
        Assert.That(() => refused(parameters), Throws.TypeOf<BadArgumentException>());
        Assert.That(Said(parameters), Is.EqualTo(Said(plain)));
        right(parameters);
        right(plain);
        Assert.That(Said(parameters), Is.EqualTo(Said(plain)));
        using Recurrent<float> next = new(parameters, Cell.Gru, 1, 1), same = new(plain, Cell.Gru, 1, 1);
        Assert.That((next.Number, next.FirstPlace), Is.EqualTo((same.Number, same.FirstPlace)), "masks of dropouts are those of the model");
        using Sgd<float> sgd = new(parameters, 1);
        Assert.That(parameters.Values.Length, Is.EqualTo(plain.Length));
    }

    /// <summary>Of the same name, shape and place too: its numbers are elsewhere.</summary>
    [Test]
    public void ATensorOfAnotherModelIsRefused()
    {
        using Parameters<float> one = new(TestDevices.Get("cpu")), other = new(TestDevices.Get("cpu"));
        int[] shape = [2, 3];
        Parameter first = one.Declare("w", shape), second = one.Declare("v", 2), foreign = other.Declare("w", shape);
        foreach (Parameter wrong in (Parameter[])[foreign, first with { Offset = 2 }, new("w", [2, 3], 0), new("w", [9], 100)])
        {
            Assert.That(() => one.ValueOf(wrong), Throws.TypeOf<BadArgumentException>().With.Message.Contains("'w' was not declared"));
            Assert.That(() => one.GradientOf(wrong), Throws.TypeOf<BadArgumentException>().With.Message.Contains("'w' was not declared"));
        }
        Assert.That(() => one.ValueOf(null!), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => one.GradientOf(null!), Throws.TypeOf<ArgumentNullException>());
        one.SetAll([1, 2, 3, 4, 5, 6, 7, 8]);
        float[] read = new float[2];
        GpuRnn.Memory.DeviceCopy.Download(one.Device, one.ValueOf(second), read);
        Assert.That(read, Is.EqualTo(new[] { 7f, 8f }));
        shape[0] = 100; // the program's array, not the tensor's
        Assert.That((first.Shape[0], one.Shapes[0]), Is.EqualTo((2, "w [2, 3]")));
    }
}

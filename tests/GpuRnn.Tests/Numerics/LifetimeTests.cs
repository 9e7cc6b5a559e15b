using GpuRnn.Layers;
using GpuRnn.State;

namespace GpuRnn.Tests.Numerics;

public class LifetimeTests
{
    [Test]
    public void DisposedThingsAreRefused()
    {
        Device device = TestDevices.Get("cpu");
        Recurrent<float> network = new(device, Cell.Lstm, 2, 3);
        Pass<float> pass = network.Plan(2, 2, new() { Training = true });
        pass.Forward(new float[8], []);
        pass.Dispose();
        pass.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pass.Forward(new float[8], []));
        Assert.Throws<ObjectDisposedException>(() => pass.Backward());
        Assert.Throws<ObjectDisposedException>(() => pass.SetShape(1, 1));
        using Pass<float> other = network.Plan(2, 2);
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Forward(new float[8], []));
        Assert.Throws<ObjectDisposedException>(() => network.Plan(1, 1));
        Assert.Throws<ObjectDisposedException>(() => network.Parameters.Get("weight_ih_l0"));
    }

    /// <summary>Two threads on one network: each call is either right or refused, and none corrupts the other.</summary>
    [Test]
    public void TwoThreadsAreRefusedNotCorrupted()
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = new(device, Cell.Lstm, 16, 64);
        network.Initialize(1);
        using Pass<float> pass = network.Plan(20, 8);
        // an input of its own for each thread: one that reached another's run would show
        float[][] xs = [.. Enumerable.Range(0, 4).Select(i => Numbers.To<float>(Numbers.Random(20 * 8 * 16, i)))];
        float[][] outputs = [.. xs.Select(x => { float[] y = new float[20 * 8 * 64]; pass.Forward(x, y); return y; })];
        int refused = 0, right = 0;
        Parallel.For(0, 4, new() { MaxDegreeOfParallelism = 4 }, thread =>
        {
            float[] x = xs[thread], expected = outputs[thread], y = new float[expected.Length];
            for (int i = 0; i < 200; i++)
                try
                {
                    pass.Forward(x, y);
                    if (!y.AsSpan().SequenceEqual(expected)) throw new AssertionException("corrupt");
                    Interlocked.Increment(ref right);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
        });
        Assert.That(right, Is.GreaterThan(0));
        Assert.That(right + refused, Is.EqualTo(800));
    }

    [Test]
    public void OrderMattersAndIsChecked()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, 2, 3);
        using Pass<float> inference = network.Plan(2, 2), training = network.Plan(2, 2, new() { Training = true });
        Assert.Throws<InvalidOperationException>(() => training.Backward());
        inference.Forward(new float[8], []);
        Assert.Throws<InvalidOperationException>(() => inference.Backward());
        Assert.That(() => training.SetInitialStates(new float[6], new float[6]),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("no c"));
        Assert.That(() => network.Parameters.Declare("late", 1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => network.Parameters.Set("weight_ih_l0", new float[1]),
            Throws.TypeOf<BadArgumentException>().With.Message.Contains("18"));
        Assert.That(() => network.Plan(0, 1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new Recurrent<float>(TestDevices.Get("cpu"), Cell.Lstm, 0, 1), Throws.TypeOf<BadArgumentException>());
        Assert.That(() => new Recurrent<Half>(TestDevices.Get("cpu"), Cell.Lstm, 1, 1), Throws.TypeOf<BadArgumentException>());
    }

    [Test]
    public void WhatAForwardPassSavedIsUsedOnce()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 2, 3);
        using Pass<float> pass = network.Plan(2, 2, new() { Training = true });
        pass.Forward(new float[8], []);
        pass.Backward(new float[12]);
        Assert.Throws<InvalidOperationException>(() => pass.Backward(new float[12], accumulate: true));
    }

    [Test]
    public void StatesOfAnotherNumberOfSequencesAreNotTaken()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Lstm, 2, 3, new() { Layers = 2 });
        network.Initialize(1);
        using Pass<float> pass = network.Plan(2, 4);
        float[] fresh = new float[2 * 2 * 3], after = new float[2 * 2 * 3];
        pass.SetShape(2, 2);
        pass.Forward(new float[8], fresh);
        pass.SetShape(2, 4);
        pass.SetInitialStates(Numbers.To<float>(Numbers.Random(24, 1)), Numbers.To<float>(Numbers.Random(24, 2)));
        pass.SetShape(2, 2);
        pass.Forward(new float[8], after);
        Assert.That(after, Is.EqualTo(fresh));
        pass.SetShape(2, 4);
        Assert.Throws<InvalidOperationException>(pass.CarryStates);
    }

    [Test]
    public void AStoreThatChangedIsNotWrittenTo()
    {
        using Recurrent<float> network = new(TestDevices.Get("cpu"), Cell.Gru, 2, 3);
        StateStore<float, int> store = new(network, 1);
        using Pass<float> pass = network.Plan(1, 1);
        store.Open(1);
        store.Bind(pass, [1], 1);
        pass.Forward(new float[2], []);
        Assert.Throws<InvalidOperationException>(() => pass.GetFinalStates(new float[3]));
        store.Remove(1);
        store.Open(2);
        Assert.Throws<InvalidOperationException>(() => pass.Forward(new float[2], []));
        store.Bind(pass, [2], 1);
        store.Dispose();
        Assert.Throws<InvalidOperationException>(() => pass.Forward(new float[2], []));
    }

    [Test]
    public void AHeadBehindADisposedPassIsRefused()
    {
        using Parameters<float> parameters = new(TestDevices.Get("cpu"));
        using Recurrent<float> network = new(parameters, Cell.Gru, 2, 3);
        using Dense<float> head = new(parameters, 3, 2);
        Pass<float> pass = network.Plan(1, 1);
        using DensePass<float> dense = head.Plan(pass);
        pass.Forward(new float[2], []);
        pass.Dispose();
        Assert.Throws<ObjectDisposedException>(() => dense.Forward());
        Assert.Throws<ObjectDisposedException>(() => _ = pass.Output);
    }
}

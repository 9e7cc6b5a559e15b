using GpuRnn.Data;

namespace GpuRnn.Tests.Data;

/// <summary>Things made ahead: their order, how many, and how it ends.</summary>
public class PrefetchTests
{
    static readonly TimeSpan s_long = TimeSpan.FromSeconds(20);

    [TestCase(0, 1), TestCase(7, 2), TestCase(7, 5)]
    public void ThingsComeInTheOrderOfTheirNumbers(long first, int ahead)
    {
        using Prefetch<string> things = new(number => $"thing {number}", first, ahead);
        for (long n = first; n < first + 200; n++) Assert.That(things.Next(), Is.EqualTo($"thing {n}"));
    }

    /// <summary>As many as are kept ready, and one that waits for its place.</summary>
    [Test]
    public void NoMoreAreMadeThanAreKeptReady()
    {
        int made = 0;
        using Prefetch<long> things = new(number => { Interlocked.Increment(ref made); return number; }, ahead: 3);
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref made) == 4, s_long));
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref made) > 4, 100), Is.False);
        things.Next();
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref made) == 5, s_long));
    }

    [TestCase(typeof(FormatException)), TestCase(typeof(InvalidOperationException)), TestCase(typeof(OperationCanceledException))]
    public void WhatMakingThrewIsThrownInItsPlace(Type kind)
    {
        using Prefetch<long> things = new(
            number => number < 2 ? number : throw (Exception)Activator.CreateInstance(kind, "no more")!, ahead: 4);
        Assert.That(things.Next(), Is.Zero);
        Assert.That(things.Next(), Is.EqualTo(1));
        for (int again = 0; again < 2; again++)
        {
            Task<Exception?> thrown = Task.Run(() =>
            {
                try
                {
                    things.Next();
                    return null;
                }
                catch (Exception e)
                {
                    return e;
                }
            });
            Assert.That(thrown.Wait(s_long), "nobody comes any more");
            Assert.That(thrown.Result, Is.TypeOf(kind).With.Message.EqualTo("no more"));
        }
    }

    /// <summary>While it waits for a place, while it makes one, and after it has failed.</summary>
    [TestCase("full"), TestCase("busy"), TestCase("failed")]
    public void ItEndsWhenItIsDisposed(string state)
    {
        using ManualResetEventSlim begun = new();
        int running = 0;
        Prefetch<long> things = new(number =>
        {
            Interlocked.Increment(ref running);
            try
            {
                if (number == 1) begun.Set();
                if (number == 1 && state == "busy") Thread.Sleep(200);
                return number == 1 && state == "failed" ? throw new FormatException() : number;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }, ahead: 1);
        Assert.That(begun.Wait(s_long));
        Assert.That(Task.Run(things.Dispose).Wait(s_long), "it does not end");
        Assert.That(running, Is.Zero, "nothing is made any more");
        Assert.DoesNotThrow(things.Dispose, "a second time");
    }
}

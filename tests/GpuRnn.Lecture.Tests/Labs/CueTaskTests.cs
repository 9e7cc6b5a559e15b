using GpuRnn.Data;
using GpuRnn.Lecture.Labs.Memory;

namespace GpuRnn.Lecture.Tests.Labs;

/// <summary>Cue, noise, question: where they stand, and that noise says nothing of the cue.</summary>
public class CueTaskTests
{
    const int B = 40_000;

    [TestCase(1), TestCase(2), TestCase(5)]
    public void TheCueStandsAsManyStepsBeforeTheQuestion(int distance)
    {
        int[] symbols = CueTask.Draw(new SplitMix(1), distance, B, out int[] answers);
        Assert.That(symbols, Has.Length.EqualTo((distance + 1) * B));
        Assert.That(CueTask.Steps(distance), Is.EqualTo(distance + 1));
        Assert.That(symbols[..B], Is.EqualTo(answers));
        Assert.That(symbols[^B..], Is.All.EqualTo(16));
        Assert.That(CueTask.Symbols, Is.EqualTo(17));
        AssertUniform(answers, 0);
        for (int t = 1; t < distance; t++)
        {
            int[] noise = symbols[(t * B)..((t + 1) * B)];
            AssertUniform(noise, 8);
            AssertUniform([.. noise.Where((_, b) => answers[b] == 3)], 8);
        }
    }

    /// <summary>Eight symbols from one on, each an eighth of the times.</summary>
    static void AssertUniform(int[] symbols, int first)
    {
        Assert.That(symbols, Is.All.InRange(first, first + 7));
        for (int s = first; s < first + 8; s++)
            Assert.That(symbols.Count(x => x == s) / (double)symbols.Length,
                Is.EqualTo(0.125).Within(5 * Math.Sqrt(0.125 * 0.875 / symbols.Length)));
    }
}

using GpuRnn.Data;

namespace GpuRnn.Tests.Data;

/// <summary>Portions: their shares, and that they stay.</summary>
public class SplitTests
{
    [TestCase(0.1, 0.1), TestCase(0.25, 0.05), TestCase(0, 0.3), TestCase(0.5, 0.5), TestCase(0, 0)]
    public void SharesAreAsAsked(double validation, double test)
    {
        const int N = 100_000;
        foreach (int seed in new[] { 0, 1, 2, 77 })
        {
            Split split = new(seed, validation, test);
            double[] wanted = [1 - validation - test, validation, test];
            for (int portion = 0; portion < 3; portion++)
            {
                double share = split.Items(N, (Portion)portion).Length / (double)N;
                Assert.That(
                    share,
                    Is.EqualTo(wanted[portion]).Within(1e-12 + 5 * Math.Sqrt(wanted[portion] * (1 - wanted[portion]) / N)),
                    $"seed {seed}, {(Portion)portion}");
            }
        }
    }

    [Test]
    public void EveryItemHasOnePortion()
    {
        Split split = new(3);
        Assert.That(Enum.GetValues<Portion>().SelectMany(p => split.Items(1000, p)).Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void ItemsStayWhereTheyAreWhenDataGrows()
    {
        foreach (Portion portion in Enum.GetValues<Portion>())
            Assert.That(new Split(1).Items(5000, portion).TakeWhile(i => i < 1000), Is.EqualTo(new Split(1).Items(1000, portion)));
    }

    /// <summary>Two seeds agree on what is tested as often as chance has it: one time in a hundred.</summary>
    [Test]
    public void SeedsAreIndependent()
    {
        const int N = 100_000;
        int both = new Split(1).Items(N, Portion.Test).Intersect(new Split(2).Items(N, Portion.Test)).Count();
        Assert.That(both / (double)N, Is.EqualTo(0.01).Within(5 * Math.Sqrt(0.01 * 0.99 / N)));
    }
}

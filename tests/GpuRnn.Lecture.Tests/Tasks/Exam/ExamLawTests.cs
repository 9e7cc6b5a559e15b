using GpuRnn.Lecture.Tasks.Exam;

namespace GpuRnn.Lecture.Tests.Tasks.Exam;

/// <summary>Students against the law that is said to make them.</summary>
public class ExamLawTests
{
    const int N = 60_000;
    static readonly Student[] students = [.. Enumerable.Range(0, N).Select(i => ExamLaw.Draw(1, i))];

    /// <summary>The law as `train exam` tells it, in the test's own words.</summary>
    static double Law(double hours, double attendance, double marks) =>
        1 / (1 + Math.Exp(-0.3 * (hours - 10) - 3 * (attendance - 0.5) - 0.6 * (marks - 5.5)));

    [TestCase(10, 0.5, 5.5, 0.5), TestCase(20, 1, 10, 0.99925397116)]
    [TestCase(0, 0, 1, 0.00074602884)]
    [TestCase(12, 0.5, 5.5, 0.64565630623)]
    public void ChancesAreThoseOfTheFormula(double hours, double attendance, double marks, double expected) =>
        Assert.That(ExamLaw.Probability([(float)hours, (float)attendance, (float)marks]), Is.EqualTo(expected).Within(1e-9));

    /// <summary>A mean over all students there can be: the midpoint rule over the box of features.</summary>
    static double Integral(Func<double, double, double, double> value)
    {
        const int Cells = 80;
        double sum = 0;
        for (int a = 0; a < Cells; a++)
            for (int b = 0; b < Cells; b++)
                for (int c = 0; c < Cells; c++) sum += value(20 * (a + 0.5) / Cells, (b + 0.5) / Cells, 1 + 9 * (c + 0.5) / Cells);
        return sum / (Cells * Cells * Cells);
    }

    [Test]
    public void AsManyPassAsTheLawSays()
    {
        // more than half of the hours there are
        double all = Integral(Law), busy = Integral((h, a, m) => h > 10 ? Law(h, a, m) : 0) * 2;
        Assert.That(all, Is.EqualTo(0.5).Within(1e-9), "the law is the same seen from either side");
        AssertShare(students, all);
        AssertShare([.. students.Where(s => s.Features[0] > 10)], busy);
        AssertShare([.. students.Where(s => s.Features[2] < 3.25)], Integral((h, a, m) => m < 3.25 ? Law(h, a, m) : 0) * 4);

        static void AssertShare(Student[] some, double expected) =>
            Assert.That(some.Count(s => s.Passed) / (double)some.Length,
                Is.EqualTo(expected).Within(5 * Math.Sqrt(expected * (1 - expected) / some.Length)));
    }

    /// <summary>The entropy of pass or fail given the features: what no model can be below on average.</summary>
    [Test]
    public void ItsLogLossIsItsEntropy()
    {
        static double Entropy(double p) => -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);
        double expected = Integral((h, a, m) => Entropy(Law(h, a, m)));
        double[] losses =
            [.. students.Select(s => ExamLaw.Probability(s.Features)).Zip(students, (p, s) => -Math.Log(s.Passed ? p : 1 - p))];
        double mean = losses.Average(), deviation = Math.Sqrt(losses.Average(l => (l - mean) * (l - mean)));
        Assert.That(mean, Is.EqualTo(expected).Within(5 * deviation / Math.Sqrt(N)));
        Assert.That(
            ExamReport.MeanLogLoss(students, [.. students.Select(s => Law(s.Features[0], s.Features[1], s.Features[2]))]),
            Is.EqualTo(mean).Within(1e-6));
    }

    /// <summary>Uniform, and of one another and of the student before they say nothing.</summary>
    [Test]
    public void FeaturesAreUniformAndIndependent()
    {
        (double Low, double High)[] ranges = [(0, 20), (0, 1), (1, 10)];
        double[][] units = [.. ranges.Select((r, f) => students.Select(s => (s.Features[f] - r.Low) / (r.High - r.Low)).ToArray())];
        foreach (double[] unit in units)
        {
            Assert.That(unit, Is.All.InRange(0, 1));
            for (int tenth = 0; tenth < 10; tenth++)
                Assert.That(unit.Count(u => (int)Math.Min(9, u * 10) == tenth) / (double)N,
                    Is.EqualTo(0.1).Within(5 * Math.Sqrt(0.09 / N)));
            Assert.That(Correlation(unit[..^1], unit[1..]), Is.Zero.Within(5 / Math.Sqrt(N)), "one student and the next");
        }
        foreach ((int a, int b) in new[] { (0, 1), (0, 2), (1, 2) })
            Assert.That(Correlation(units[a], units[b]), Is.Zero.Within(5 / Math.Sqrt(N)));

        static double Correlation(double[] a, double[] b) => 12 * a.Zip(b).Average(p => (p.First - 0.5) * (p.Second - 0.5));
    }

    [Test]
    public void AStudentIsAFunctionOfSeedAndNumber()
    {
        for (int i = 999; i >= 0; i -= 111)
        {
            Student again = ExamLaw.Draw(1, i);
            Assert.That(again.Features, Is.EqualTo(students[i].Features));
            Assert.That(again.Passed, Is.EqualTo(students[i].Passed));
            Assert.That(ExamLaw.Draw(2, i).Features, Is.Not.EqualTo(students[i].Features));
        }
    }
}

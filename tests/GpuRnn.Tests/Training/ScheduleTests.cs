using GpuRnn.Training;

namespace GpuRnn.Tests.Training;

/// <summary>Schedules against hand-worked values.</summary>
public class ScheduleTests
{
    static IEnumerable<TestCaseData> Cases()
    {
        yield return new("constant", 10, new[] { (0, 1.0), (9, 1.0) });
        yield return new("cosine", 10, new[] { (0, 1.0), (5, 0.5), (10, 0.0), (12, 0.0) });
        yield return new("step:4", 100, new[] { (3, 1.0), (4, 0.1), (8, 0.01) });
        yield return new("step:4:0.5", 100, new[] { (7, 0.5), (8, 0.25) });
        yield return new("inverse:2000", 1, new[] { (0, 1.0), (2000, 0.5), (6000, 0.25) });
        yield return new("warm-up:4+constant", 10, new[] { (0, 0.25), (3, 1.0), (9, 1.0) });
        yield return new("warm-up:4+cosine", 14, new[] { (1, 0.5), (4, 1.0), (9, 0.5) });
        // up to step 2 (0.3 * 10 - 1), then down to step 9: torch's defaults
        yield return new("one-cycle", 10, new[] { (0, 0.04), (1, 0.52), (2, 1.0), (9, 4e-6) });
    }

    [TestCaseSource(nameof(Cases))]
    public void FactorsAreThoseOfTheFormula(string name, int steps, (int Step, double Factor)[] expected)
    {
        Schedule schedule = Schedule.Named(name);
        Assert.That(schedule.Name, Is.EqualTo(name == "step:4" ? "step:4:0.1" : name));
        foreach ((int step, double factor) in expected) Assert.That(
            schedule.Factor(step, steps), Is.EqualTo(factor).Within(1e-12), $"step {step}");
        Assert.That(Schedule.Named(schedule.Name).Factor(3, steps), Is.EqualTo(schedule.Factor(3, steps)),
            "a name gives the schedule back");
    }

    [TestCase(""), TestCase("linear"), TestCase("step"),
    TestCase("step:0"), TestCase("step:x"), TestCase("step:3:-1"),
    TestCase("inverse:0"), TestCase("warm-up:0+cosine"), TestCase("warm-up:5+"), TestCase("+cosine")]
    public void WrongNamesAreOneClearLine(string name) =>
        Assert.That(() => Schedule.Named(name), Throws.TypeOf<BadArgumentException>().With.Message.Not.Contain("\n"));
}

using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>A student and how the exam went.</summary>
/// <param name="Features">Hours of work a week, share of lectures attended, mean of past marks.</param>
/// <param name="Passed">Did they pass?</param>
readonly record struct Student(float[] Features, bool Passed);

/// <summary>
/// The built-in data of `train exam`: students whose chance to pass is a logistic function of what they did. The law is known, so its own
/// log loss is what no model can beat on average.
/// </summary>
static class ExamLaw
{
    public static readonly string[] Names = ["hours a week", "attendance", "past marks"];

    /// <summary>
    /// Student i of a seed, whatever else is drawn: hours 0 to 20, attendance 0 to 1, marks 1 (worst) to 10, each uniform.
    /// </summary>
    public static Student Draw(int seed, int index)
    {
        SplitMix random = new(new SplitMix((ulong)seed).Next() + (ulong)index);
        float[] features = [(float)(20 * random.Uniform()), (float)random.Uniform(), (float)(1 + 9 * random.Uniform())];
        return new(features, random.Uniform() < Probability(features));
    }

    /// <summary>P(pass) = 1 / (1 + e^-z) with z = 0.3 (hours - 10) + 3 (attendance - 0.5) + 0.6 (marks - 5.5).</summary>
    public static double Probability(float[] f) => 1 / (1 + Math.Exp(-(0.3 * (f[0] - 10) + 3 * (f[1] - 0.5) + 0.6 * (f[2] - 5.5))));
}

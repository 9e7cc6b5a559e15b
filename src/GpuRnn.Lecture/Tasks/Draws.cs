using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks;

/// <summary>Choices, made with a seeded generator.</summary>
sealed class Draws(SplitMix random)
{
    public T Of<T>(params T[] items) => items[random.Below(items.Length)];

    /// <summary>True so many times in a hundred.</summary>
    public bool Percent(int percent) => random.Below(100) < percent;

    public int Below(int bound) => random.Below(bound);

    /// <summary>Uniform from [least, most).</summary>
    public double Between(double least, double most) => least + (most - least) * random.Uniform();
}

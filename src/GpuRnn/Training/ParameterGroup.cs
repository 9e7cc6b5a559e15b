using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>Parameters that an optimizer treats in a way of their own. A parameter belongs to the first group that takes it.</summary>
/// <param name="Takes">Is a parameter in the group?</param>
public sealed record ParameterGroup(Func<Parameter, bool> Takes)
{
    /// <summary>Is a parameter in the group?</summary>
    public Func<Parameter, bool> Takes { get; init => field = Limits.Given(value, nameof(Takes)); } = Limits.Given(Takes, nameof(Takes));

    /// <summary>What the learning rate is multiplied by; 0 freezes the group.</summary>
    public double Rate { get; init => field = Limits.NotNegative(value, "A group's factor of the learning rate"); } = 1;

    /// <summary>What the weight decay is multiplied by.</summary>
    public double WeightDecay { get; init => field = Limits.NotNegative(value, "A group's factor of the weight decay"); } = 1;

    /// <summary>No weight decay for biases and other vectors: what decays is what multiplies.</summary>
    public static ParameterGroup VectorsDoNotDecay { get; } = new(p => p.Shape.Count < 2) { WeightDecay = 0 };
}

/// <summary>Neighbouring parameters that are updated alike: a launch.</summary>
readonly record struct ParameterRange(long Offset, long Length, double Rate, double WeightDecay)
{
    public static List<ParameterRange> Of(IEnumerable<Parameter> parameters, IReadOnlyList<ParameterGroup> groups)
    {
        List<ParameterRange> ranges = [];
        foreach (Parameter p in parameters)
        {
            ParameterGroup? group = groups.FirstOrDefault(g => g.Takes(p));
            ParameterRange next = new(p.Offset, p.Length, group?.Rate ?? 1, group?.WeightDecay ?? 1);
            if (ranges.Count > 0 && ranges[^1] is var last && (last.Rate, last.WeightDecay) == (next.Rate, next.WeightDecay))
                ranges[^1] = last with { Length = last.Length + next.Length };
            else ranges.Add(next);
        }
        return ranges;
    }
}

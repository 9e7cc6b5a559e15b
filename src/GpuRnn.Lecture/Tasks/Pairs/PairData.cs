using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Pairs;

/// <summary>A source and its target.</summary>
/// <param name="Words">[S] The source as indices, if it is words.</param>
/// <param name="Numbers">[S, I] The source as rows of numbers, if it is not.</param>
/// <param name="Steps">S.</param>
/// <param name="Target">The target's indices, without beginning and end.</param>
sealed record Example(int[]? Words, float[]? Numbers, int Steps, int[] Target);

/// <summary>What a network with encoder and decoder is trained on and judged by.</summary>
abstract class PairData : IDisposable
{
    public abstract string Name { get; }
    public abstract string Hash { get; }
    public abstract string Summary { get; }
    /// <summary>What is counted, such as "words".</summary>
    public abstract string Items { get; }
    public abstract bool SourceIsIndex { get; }
    /// <summary>Numbers a step of a source, or how many indices there are.</summary>
    public abstract int SourceSize { get; }
    /// <summary>Units of the dense layers that numbers go through before the encoder.</summary>
    public virtual IReadOnlyList<int> SourceLayers => [];
    /// <summary>Steps of the longest source and target that are read; longer ones are cut.</summary>
    public abstract int MostSource { get; }
    public abstract int MostTarget { get; }
    public abstract WordVocabulary Target { get; }
    /// <summary>About the length of each example to train on: like with like.</summary>
    public abstract int[] Lengths { get; }
    public abstract Example Training(int index);
    public abstract IReadOnlyList<Example> Validation { get; }
    public abstract IReadOnlyList<Example> Test { get; }
    /// <summary>Writes what belongs beside the model.</summary>
    public virtual void Save(string folder) => Target.Save(Path.Combine(folder, "vocabulary.json"));
    public virtual void Dispose() { }
}

using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Pairs;

/// <summary>
/// Examples as a network reads them, [S, B] and [T, B]: what the encoder reads, what the decoder reads, and what it should write.
/// </summary>
sealed record PairBatch(int[]? Words, float[]? Numbers, int[] SourceLengths, int[] Read, int[] Write, int[] TargetLengths)
{
    public int Sequences => SourceLengths.Length;

    public static PairBatch Of(IReadOnlyList<Example> examples, int sourceSize)
    {
        int b = examples.Count, s = examples.Max(e => e.Steps), t = examples.Max(e => e.Target.Length) + 1;
        bool words = examples[0].Words is not null;
        int[] source = words ? new int[s * b] : [], read = new int[t * b], write = new int[t * b];
        float[] numbers = words ? [] : new float[s * b * sourceSize];
        for (int i = 0; i < b; i++)
        {
            Example e = examples[i];
            for (int step = 0; step < e.Steps; step++)
            {
                if (words) source[step * b + i] = e.Words![step];
                else e.Numbers.AsSpan(step * sourceSize, sourceSize).CopyTo(numbers.AsSpan((step * b + i) * sourceSize));
            }
            for (int step = 0; step <= e.Target.Length; step++)
            {
                read[step * b + i] = step == 0 ? WordVocabulary.Begin : e.Target[step - 1];
                write[step * b + i] = step == e.Target.Length ? WordVocabulary.End : e.Target[step];
            }
        }
        return new(
            words ? source : null, words ? null : numbers,
            [.. examples.Select(e => e.Steps)],
            read, write,
            [.. examples.Select(e => e.Target.Length + 1)]);
    }
}

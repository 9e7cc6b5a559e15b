using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Backends.Recorded;

/// <summary>All numbers and addresses of a launch's arguments: two launches with the same do the same to the same memory.</summary>
sealed class ArgumentKey
{
    long[] words = new long[256];
    int count;

    /// <summary>Takes those of arguments.</summary>
    public void Fill<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>
    {
        Words to = new() { Key = this };
        count = 0;
        a.List(ref to);
    }

    public bool Equals(ArgumentKey other) => words.AsSpan(0, count).SequenceEqual(other.words.AsSpan(0, other.count));

    public void CopyFrom(ArgumentKey other)
    {
        if (words.Length < other.count) words = new long[other.words.Length];
        other.words.AsSpan(0, count = other.count).CopyTo(words);
    }

    void Add(long word)
    {
        if (count == words.Length) Array.Resize(ref words, 2 * count);
        words[count++] = word;
    }

    struct Words : IArgumentList
    {
        public ArgumentKey Key;

        public readonly void Add(int number) => Key.Add(number);

        public readonly void Add<T>(in Buffer<T> memory) where T : unmanaged
        {
            Key.Add(memory.Length);
            Key.Add(memory.Length > 0 ? memory.View.LoadEffectiveAddressAsPtr() : 0);
        }
    }
}

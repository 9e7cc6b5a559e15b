namespace GpuRnn.Models;

/// <summary>A batch as a program gives it: numbers of all steps and sequences, and the length of each sequence.</summary>
static class GivenBatch
{
    /// <summary>T of a batch.</summary>
    /// <param name="numbers">How many numbers, or indices, there are.</param>
    /// <param name="size">How many a step has.</param>
    /// <param name="sequences">B.</param>
    /// <exception cref="BadArgumentException">There are no sequences, or the numbers are no whole steps of them.</exception>
    public static int Steps(int numbers, int size, int sequences)
    {
        if (sequences == 0) throw new BadArgumentException("A batch of no sequences cannot be run: give the length of each.");
        long step = (long)size * sequences;
        if (numbers == 0 || numbers % step != 0)
            throw new BadArgumentException($"{numbers} numbers are no whole steps of {sequences} sequences of {size} numbers a step.");
        return (int)(numbers / step);
    }

    /// <summary>Are the indices of living steps, [T, B], below a size? Asked before a model changes anything.</summary>
    /// <exception cref="BadArgumentException">One is not.</exception>
    public static void CheckIndices(ReadOnlySpan<int> indices, ReadOnlySpan<int> lengths, int size)
    {
        for (int b = 0; b < lengths.Length; b++)
            for (int t = 0; t < lengths[b]; t++)
                if ((uint)indices[t * lengths.Length + b] >= (uint)size)
                    throw new BadArgumentException(
                        $"Index {indices[t * lengths.Length + b]} at step {t} of sequence {b} is not from 0 to {size - 1}.");
    }
}

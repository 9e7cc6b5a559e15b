namespace GpuRnn.Models;

/// <summary>A batch as a program gives it: numbers of all steps and sequences, and the length of each sequence.</summary>
static class GivenBatch
{
    /// <summary>T of a batch.</summary>
    /// <param name="numbers">How many numbers, or indices, there are.</param>
    /// <param name="size">How many a step has.</param>
    /// <param name="sequences">B.</param>
    /// <exception cref="GpuRnnException">There are no sequences, or the numbers are no whole steps of them.</exception>
    public static int Steps(int numbers, int size, int sequences)
    {
        if (sequences == 0) throw new GpuRnnException("A batch of no sequences cannot be run: give the length of each.");
        long step = (long)size * sequences;
        if (numbers == 0 || numbers % step != 0)
            throw new GpuRnnException($"{numbers} numbers are no whole steps of {sequences} sequences of {size} numbers a step.");
        return (int)(numbers / step);
    }
}

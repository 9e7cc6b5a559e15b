namespace GpuRnn.Lecture.Tasks.Classes;

/// <summary>Items as a classifier reads them, words [T, B] or numbers [T, B, I]: the steps of each, and its class.</summary>
sealed record ClassBatch(int[]? Words, float[]? Numbers, int[] Lengths, int[] Labels);

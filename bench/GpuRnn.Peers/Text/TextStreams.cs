using GpuRnn.Lecture.Runs;
using GpuRnn.Lecture.Tasks.Text;

namespace GpuRnn.Peers.Text;

/// <summary>The batches of `gpurnn train text`, for the loop beside it: the same characters at the same steps.</summary>
sealed class TextStreams(TrainOptions options, int[] codes)
{
    readonly int length = codes.Length / options.Batch, unroll = options.Whole(TextTask.Unroll);

    /// <summary>[unroll, batch] The characters of the last batch that was read.</summary>
    public long[] Inputs { get; } = new long[options.Whole(TextTask.Unroll) * options.Batch];

    /// <summary>[unroll, batch] The characters that follow them.</summary>
    public long[] Targets { get; } = new long[options.Whole(TextTask.Unroll) * options.Batch];

    /// <summary>Reads the batch of a step. Returns whether the streams start there, and states with them.</summary>
    public bool Read(int step)
    {
        int chunks = (length - 1) / unroll, chunk = step % chunks;
        for (int b = 0; b < options.Batch; b++)
            for (int t = 0; t < unroll; t++)
            {
                int at = b * length + chunk * unroll + t;
                (Inputs[t * options.Batch + b], Targets[t * options.Batch + b]) = (codes[at], codes[at + 1]);
            }
        return chunk == 0;
    }
}

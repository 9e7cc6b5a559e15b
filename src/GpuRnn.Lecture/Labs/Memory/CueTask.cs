using GpuRnn.Data;

namespace GpuRnn.Lecture.Labs.Memory;

/// <summary>
/// The lecture's "I grew up in France ... therefore I speak ..." with nothing else in it: a cue, a number of symbols that mean nothing,
/// and a question; the answer is the cue.
/// </summary>
static class CueTask
{
    /// <summary>Different cues; a guess is right one time in as many.</summary>
    public const int Cues = 8;
    const int Noise = 8;
    const int Question = Cues + Noise;

    /// <summary>Different symbols.</summary>
    public const int Symbols = Question + 1;

    /// <summary>Steps of a sequence: the cue, what is between, the question.</summary>
    public static int Steps(int distance) => distance + 1;

    /// <summary>[T, B] symbols of sequences whose question stands `distance` steps behind the cue; answers: [B].</summary>
    public static int[] Draw(SplitMix random, int distance, int sequences, out int[] answers)
    {
        int steps = Steps(distance);
        int[] symbols = new int[steps * sequences];
        answers = new int[sequences];
        for (int b = 0; b < sequences; b++)
        {
            symbols[b] = answers[b] = random.Below(Cues);
            for (int t = 1; t < steps - 1; t++) symbols[t * sequences + b] = Cues + random.Below(Noise);
            symbols[(steps - 1) * sequences + b] = Question;
        }
        return symbols;
    }
}

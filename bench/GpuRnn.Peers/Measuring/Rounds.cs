using System.Diagnostics;
using GpuRnn.Measuring;
using GpuRnn.Measuring.Results;
using GpuRnn.Peers.Cases;
using GpuRnn.Peers.Libraries;

namespace GpuRnn.Peers.Measuring;

/// <summary>
/// Measures libraries side by side, in turns: in each round every library gets a block of calls between two readings of the machine's
/// peak. The machine's speed changes by the second, so libraries alternate, and a share is of the peak around the block. A block during
/// which the machine was disturbed, as its peak tells, is measured again, whichever library's it is.
/// </summary>
sealed class Rounds(Device device, MachinePeak peak, int most)
{
    const double BlockSeconds = 0.1, WarmUpSeconds = 0.02, SlowSeconds = 0.5, OnceSeconds = 10;
    const int BlockCalls = 5, SlowRounds = 3, LeastRounds = 2, Tries = 4;
    const double Steady = 0.93; // of the best peak that was read in the run

    // Threads of ONNX Runtime and OpenMP spin on for a while after a call: they must take nothing from the reading of the peak that
    // follows, nor from the next library's block.
    static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(200);

    double bestPeak;

    /// <summary>The row of a case.</summary>
    /// <param name="c">The case.</param>
    /// <param name="peers">The libraries.</param>
    /// <param name="allowed">Time for it: behind it two rounds are enough, and nothing is measured again.</param>
    /// <param name="cancel">Between blocks.</param>
    public List<LibraryResult> Run(Case c, IReadOnlyList<IPeer> peers, TimeSpan allowed, CancellationToken cancel)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<Round> first = [.. peers.Select(peer => Measure(c, peer, 0, 0, 1, cancel))];
        Agreement.Check(c, peers);
        // a first call makes memory and compiles: only the second tells how long one takes, where there is time for a second
        double[] once =
            [.. peers.Select((peer, i) => first[i].Seconds > OnceSeconds ? first[i].Seconds : Timing.Seconds(device, peer.Call))];
        Thread.Sleep(s_rest);
        List<Round>[] rounds = [.. peers.Select(_ => new List<Round>())];
        for (int round = 0; round < most && (round < LeastRounds || watch.Elapsed < allowed); round++)
            for (int i = 0; i < peers.Count; i++)
            {
                if (once[i] > OnceSeconds) rounds[i] = [first[i]];
                else if (once[i] <= SlowSeconds)
                    rounds[i].Add(Undisturbed(c, peers[i], WarmUpSeconds, BlockSeconds, BlockCalls, Late, cancel));
                else if (round < SlowRounds) rounds[i].Add(Undisturbed(c, peers[i], 0, 0, 1, Late, cancel));
            }
        return [.. peers.Select((peer, i) => Summary(peer.Library, rounds[i]))];

        bool Late() => watch.Elapsed > allowed;
    }

    /// <summary>The first block with the whole machine around it, or after some tries the last.</summary>
    Round Undisturbed(Case c, IPeer peer, double warmUp, double seconds, int calls, Func<bool> late, CancellationToken cancel)
    {
        for (int tries = 1; ; tries++)
        {
            Round round = Measure(c, peer, warmUp, seconds, calls, cancel);
            if (round.LeastPeak >= Steady * bestPeak || tries == Tries || late()) return round;
        }
    }

    Round Measure(Case c, IPeer peer, double warmUp, double seconds, int calls, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        double before = peak.Read();
        Timing.Calls(device, peer.Call, warmUp, 0);
        double call = Timing.Median(Timing.Calls(device, peer.Call, seconds, calls));
        Thread.Sleep(s_rest);
        double after = peak.Read();
        bestPeak = Math.Max(bestPeak, Math.Max(before, after));
        return new(call, c.Flop / call / 1e9, (before + after) / 2, Math.Min(before, after));
    }

    static LibraryResult Summary(string library, List<Round> rounds)
    {
        Round[] sorted = [.. rounds.OrderBy(r => r.Share)];
        Round median = sorted[sorted.Length / 2];
        return new(library, median.Seconds, rounds.Min(r => r.Seconds), rounds.Max(r => r.Seconds), median.Gflops, median.Peak,
            median.Share, sorted[0].Share, sorted[^1].Share, sorted.Length);
    }

    readonly record struct Round(double Seconds, double Gflops, double Peak, double LeastPeak)
    {
        public double Share => Gflops / Peak;
    }
}

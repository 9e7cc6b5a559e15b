using System.Diagnostics;

namespace GpuRnn.Measuring;

/// <summary>How long something takes on a device.</summary>
public static class Timing
{
    /// <summary>Seconds until the device has done it.</summary>
    public static double Seconds(Device device, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        device.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds of each call: for about this long, and so many calls at least.</summary>
    public static List<double> Calls(Device device, Action action, double seconds, int least)
    {
        List<double> times = [];
        for (double all = 0; all < seconds || times.Count < least; all += times[^1]) times.Add(Seconds(device, action));
        return times;
    }

    /// <summary>The middle one; of an even number, the upper of the two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>
    /// How often something must be repeated in one launch to take 10 ms, beside which a launch is nothing. The shortest of three calls
    /// counts, and then of a tenth of a second: one that another program held up says nothing.
    /// </summary>
    public static int Repetitions(Device device, Action<int> launch)
    {
        launch(1); // compiles
        device.Synchronize();
        for (int n = 1; ; n *= 2)
            if (n >= 1 << 29 || Shortest(n, 0) > 0.01 && Shortest(n, 0.1) > 0.01) return n;

        double Shortest(int n, double seconds) => Calls(device, () => launch(n), seconds, 3).Min();
    }
}

using GpuRnn.Peers.Cases;
using GpuRnn.Peers.Libraries;

namespace GpuRnn.Peers.Measuring;

/// <summary>Nothing is measured before all libraries have computed the same.</summary>
static class Agreement
{
    public static void Check(Case c, IReadOnlyList<IPeer> peers)
    {
        Dictionary<string, float[]> expected = peers[0].Results();
        foreach (IPeer peer in peers.Skip(1))
            foreach ((string name, float[] actual) in peer.Results())
            {
                double difference = Difference(expected[name], actual);
                if (!(difference <= peer.Tolerance)) // not a number is no agreement
                    throw new GpuRnnException(
                        $"{c}: {name} of {peer.Library} and {peers[0].Library} differ by {difference:G3}; "
                            + $"at most {peer.Tolerance:G1} is allowed. Nothing was measured.");
            }
    }

    static double Difference(float[] expected, float[] actual)
    {
        if (expected.Length != actual.Length) return double.NaN;
        double largest = 1, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, Math.Abs((double)expected[i] - actual[i])); // Math.Max keeps NaN
        }
        return difference / largest;
    }
}

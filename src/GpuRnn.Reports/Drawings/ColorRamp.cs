namespace GpuRnn.Reports.Drawings;

/// <summary>Colours of a heat map. A few dozen steps, so that cells of one colour can be written as one shape.</summary>
static class ColorRamp
{
    public const int Steps = 48;

    // Dark blue to yellow with evenly rising lightness (viridis), and blue to red over near-white: both without red beside green.
    static readonly uint[] s_sequential = [0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725];
    static readonly uint[] s_diverging = [0x1F5FA6, 0x4B93C6, 0x9CC8E1, 0xE0EBF2, 0xF6F6F4, 0xF8E0D2, 0xF0AE8B, 0xD9694F, 0xB0202E];

    /// <summary>The step, 0 to Steps - 1, of a value within limits; values outside get the ends.</summary>
    public static int StepOf(double value, Limits limits)
    {
        double share = limits.High > limits.Low ? (value - limits.Low) / (limits.High - limits.Low) : 0.5;
        return (int)Math.Round(Math.Clamp(share, 0, 1) * (Steps - 1));
    }

    public static Tone ToneOf(int step, ColorScale scale)
    {
        uint[] stops = scale == ColorScale.Diverging ? s_diverging : s_sequential;
        double at = (double)step / (Steps - 1) * (stops.Length - 1);
        int below = Math.Min((int)at, stops.Length - 2);
        return new("", Mix(stops[below], stops[below + 1], at - below));
    }

    static uint Mix(uint a, uint b, double share)
    {
        uint mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8)
        {
            uint from = a >> shift & 255, to = b >> shift & 255;
            mixed |= (uint)Math.Round(from + share * ((double)to - from)) << shift;
        }
        return mixed;
    }
}

namespace GpuRnn.Reports.Drawings;

/// <summary>
/// A colour. One with a name plays a role, and a reader's dark mode replaces it (CSS variable --name); one without is data and stays.
/// </summary>
readonly record struct Tone(string Name, uint Rgb)
{
    public static readonly Tone Ink = new("ink", 0x1F2328), Muted = new("muted", 0x5B636D), Grid = new("grid", 0xE3E6EA),
        Axis = new("axis", 0x9AA2AC);
    public static readonly Tone Paper = new("paper", 0xFFFFFF), Good = new("good", 0x007A59), Bad = new("bad", 0xC44F00);

    // Okabe and Ito's colours, which people with any colour vision tell apart; the faint ones last.
    static readonly Tone[] s_series =
    [
        new("s0", 0x0072B2), new("s1", 0xD55E00), new("s2", 0x009E73), new("s3", 0xCC79A7), new("s4", 0xE69F00), new("s5", 0x56B4E9),
        new("s6", 0x404650), new("s7", 0xD4C61A),
    ];

    /// <summary>How many series differ in colour; more than these repeat.</summary>
    public static int SeriesCount => s_series.Length;

    public static Tone OfSeries(int index) => s_series[index % s_series.Length];

    /// <summary>Ink that can be read on this tone: black or white by WCAG's luminance.</summary>
    public Tone Contrast => Luminance > 0.22 ? new("", 0x111111) : new("", 0xFFFFFF);

    double Luminance => 0.2126 * Linear(Rgb >> 16) + 0.7152 * Linear(Rgb >> 8) + 0.0722 * Linear(Rgb);

    static double Linear(uint channel) => Math.Pow(((channel & 255) / 255.0 + 0.055) / 1.055, 2.4);
}

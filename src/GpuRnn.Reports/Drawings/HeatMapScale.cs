namespace GpuRnn.Reports.Drawings;

/// <summary>The colours of a heat map from low to high, with the numbers at the ends.</summary>
sealed class HeatMapScale(Limits range, ColorScale scale)
{
    public const double Height = 22;
    const double Length = 120, Thickness = 9;

    public void Draw(ICanvas canvas, Point corner)
    {
        string low = Numbers.Short(range.Low), high = Numbers.Short(range.High);
        double left = corner.X + TextSize.Width(low, 11) + 6, step = Length / ColorRamp.Steps;
        canvas.Text(new(corner.X, corner.Y + 9), low, new(Tone.Muted, 11));
        for (int i = 0; i < ColorRamp.Steps; i++)
            canvas.Rectangles(
                [new(left + i * step, corner.Y, step + (i < ColorRamp.Steps - 1 ? 0.5 : 0), Thickness)],
                ColorRamp.ToneOf(i, scale)); // overlap: no seams
        canvas.Text(new(left + Length + 6, corner.Y + 9), high, new(Tone.Muted, 11));
    }
}

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>
/// Paints scenes. A pixel is the mean of 4 x 4 points in it, each of the colour of the topmost shape there.
/// </summary>
static class ScenePainter
{
    const int Points = 4;

    /// <summary>Greatest noise, in steps of 256.</summary>
    const int Noise = 5;

    static readonly Rgb day = new(150, 200, 240), night = new(18, 22, 54);

    /// <summary>The colour itself; pictures vary it by up to 10 in each of red, green and blue.</summary>
    public static Rgb Of(Colour colour) => colour switch
    {
        Colour.Red => new(218, 28, 28),
        Colour.Green => new(25, 150, 45),
        Colour.Blue => new(40, 75, 232),
        Colour.Yellow => new(244, 222, 40),
        Colour.White => new(244, 244, 244),
        Colour.Purple => new(150, 45, 185),
        _ => new(245, 130, 22),
    };

    /// <summary>A figure where it is painted: half the side of its square, in pixels, and its middle.</summary>
    readonly record struct Placed(Shape[] Shapes, double X, double Y, double Half, bool Mirrored);

    /// <summary>A picture of so many pixels a side: 3 bytes (red, green, blue) a pixel, row by row from the top.</summary>
    public static byte[] Paint(Scene scene, Draws draws, int size)
    {
        Rgb sky = Vary(scene.Night ? night : day, draws);
        Placed[] figures = [.. Layout.Of(scene, draws).Select(spot => Place(spot, draws, size / 32.0))];
        byte[] bytes = new byte[3 * size * size];
        for (int y = 0, at = 0; y < size; y++)
            for (int x = 0; x < size; x++)
            {
                Rgb sum = default;
                for (int point = 0; point < Points * Points; point++)
                    sum += At(x + (point % Points + 0.5) / Points, y + (point / Points + 0.5) / Points, figures, sky);
                Rgb mean = sum * (1.0 / (Points * Points));
                bytes[at++] = Level(mean.R, draws);
                bytes[at++] = Level(mean.G, draws);
                bytes[at++] = Level(mean.B, draws);
            }
        return bytes;
    }

    static Placed Place(Spot spot, Draws draws, double scale)
    {
        Rgb colour = Vary(Of(spot.Figure.Colour), draws);
        Figure figure = spot.Figure;
        Shape[] shapes = figure.Acts ? ActorShapes.Of(figure.Kind, figure.Deed, colour) : ThingShapes.Of(figure.Kind, colour);
        return new(shapes, spot.X * scale, spot.Y * scale, spot.Half * scale, draws.Percent(50));
    }

    static Rgb Vary(Rgb colour, Draws draws) => colour + new Rgb(draws.Between(-10, 10), draws.Between(-10, 10), draws.Between(-10, 10));

    static Rgb At(double x, double y, Placed[] figures, Rgb sky)
    {
        foreach (Placed figure in figures)
        {
            double across = (x - figure.X) / figure.Half, down = (y - figure.Y) / figure.Half;
            if (Math.Abs(across) > 1 || Math.Abs(down) > 1) continue;
            if (figure.Mirrored) across = -across;
            for (int i = figure.Shapes.Length - 1; i >= 0; i--)
                if (figure.Shapes[i].Contains(across, down)) return figure.Shapes[i].Fill;
        }
        return sky;
    }

    static byte Level(double level, Draws draws) => (byte)Math.Clamp((int)(level + 0.5) + draws.Below(2 * Noise + 1) - Noise, 0, 255);
}

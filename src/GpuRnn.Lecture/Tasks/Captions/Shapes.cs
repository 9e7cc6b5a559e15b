namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>A colour: red, green and blue from 0 to 255.</summary>
readonly record struct Rgb(double R, double G, double B)
{
    public static Rgb operator +(Rgb a, Rgb b) => new(a.R + b.R, a.G + b.G, a.B + b.B);
    public static Rgb operator *(Rgb a, double times) => new(a.R * times, a.G * times, a.B * times);
}

/// <summary>
/// A filled shape in a figure's own square, from (-1, -1) at the top left to (1, 1). Only sums, products and quotients decide what is
/// inside: these are the same on every platform, which sines are not.
/// </summary>
abstract record Shape(Rgb Fill)
{
    public abstract bool Contains(double x, double y);
}

/// <summary>An ellipse with upright axes.</summary>
sealed record Ellipse(Rgb Fill, double X, double Y, double RadiusX, double RadiusY) : Shape(Fill)
{
    public override bool Contains(double x, double y)
    {
        double across = (x - X) / RadiusX, down = (y - Y) / RadiusY;
        return across * across + down * down <= 1;
    }
}

/// <summary>A line with round ends: all that is not farther than a radius from it.</summary>
sealed record Limb(Rgb Fill, double FromX, double FromY, double ToX, double ToY, double Radius) : Shape(Fill)
{
    public override bool Contains(double x, double y)
    {
        double alongX = ToX - FromX, alongY = ToY - FromY, offX = x - FromX, offY = y - FromY;
        double share = Math.Clamp((offX * alongX + offY * alongY) / (alongX * alongX + alongY * alongY), 0, 1);
        double missX = offX - share * alongX, missY = offY - share * alongY;
        return missX * missX + missY * missY <= Radius * Radius;
    }
}

/// <summary>A polygon; inside is where a ray to the right crosses its border an odd number of times.</summary>
sealed record Polygon(Rgb Fill, params (double X, double Y)[] Corners) : Shape(Fill)
{
    public override bool Contains(double x, double y)
    {
        bool inside = false;
        for (int i = 0, before = Corners.Length - 1; i < Corners.Length; before = i++)
        {
            (double ax, double ay) = Corners[before];
            (double bx, double by) = Corners[i];
            if (ay > y != by > y && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
        }
        return inside;
    }
}

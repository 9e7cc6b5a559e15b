namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>How things that do not act are drawn: what lies behind first.</summary>
static class ThingShapes
{
    static readonly Rgb wood = new(120, 72, 32), metal = new(70, 74, 82), glass = new(190, 225, 235), dark = new(45, 40, 45),
        beak = new(235, 170, 60);

    public static Shape[] Of(Kind kind, Rgb colour) => kind switch
    {
        Kind.Ball => [new Ellipse(colour, 0, 0, 0.95, 0.95), new Ellipse(Lighter(colour), -0.32, -0.36, 0.26, 0.22)],
        Kind.Car =>
        [
            new Polygon(colour, (-0.55, -0.05), (-0.38, -0.55), (0.32, -0.55), (0.58, -0.05)),
            new Polygon(glass, (-0.40, -0.08), (-0.28, -0.42), (-0.06, -0.42), (-0.06, -0.08)),
            new Polygon(glass, (0.06, -0.08), (0.06, -0.42), (0.26, -0.42), (0.42, -0.08)),
            new Limb(colour, -0.75, 0.15, 0.75, 0.15, 0.24),
            new Ellipse(metal, -0.5, 0.42, 0.27, 0.27), new Ellipse(metal, 0.5, 0.42, 0.27, 0.27),
            new Ellipse(glass, -0.5, 0.42, 0.11, 0.11), new Ellipse(glass, 0.5, 0.42, 0.11, 0.11),
        ],
        Kind.Boat =>
        [
            new Limb(wood, 0, -0.9, 0, 0.4, 0.08),
            new Polygon(colour, (0.1, -0.85), (0.1, 0.25), (0.85, 0.25)),
            new Polygon(colour, (-0.1, -0.6), (-0.1, 0.25), (-0.65, 0.25)),
            new Polygon(wood, (-0.98, 0.38), (0.98, 0.38), (0.62, 0.88), (-0.62, 0.88)),
        ],
        Kind.House =>
        [
            new Polygon(colour, (-0.75, -0.2), (0.75, -0.2), (0.75, 0.95), (-0.75, 0.95)),
            new Polygon(metal, (-0.98, -0.15), (0, -0.95), (0.98, -0.15)),
            new Polygon(dark, (-0.16, 0.35), (0.2, 0.35), (0.2, 0.95), (-0.16, 0.95)),
            new Polygon(glass, (-0.58, 0.1), (-0.3, 0.1), (-0.3, 0.4), (-0.58, 0.4)),
            new Polygon(glass, (0.34, 0.1), (0.62, 0.1), (0.62, 0.4), (0.34, 0.4)),
        ],
        Kind.Tree =>
        [
            new Polygon(wood, (-0.14, 0.1), (0.14, 0.1), (0.2, 0.97), (-0.2, 0.97)),
            new Ellipse(colour, -0.38, 0, 0.42, 0.38), new Ellipse(colour, 0.38, 0, 0.42, 0.38), new Ellipse(colour, 0, -0.45, 0.52, 0.5),
        ],
        Kind.Bird =>
        [
            new Polygon(colour, (-0.4, 0.05), (-0.98, -0.2), (-0.95, 0.3)),
            new Ellipse(colour, 0, 0.12, 0.58, 0.32),
            new Polygon(colour, (-0.3, 0.05), (0.22, 0.05), (-0.35, -0.9)),
            new Ellipse(colour, 0.55, -0.12, 0.27, 0.26),
            new Polygon(beak, (0.76, -0.22), (0.76, 0.04), (0.99, -0.06)),
            new Ellipse(dark, 0.6, -0.16, 0.09, 0.09),
            new Limb(beak, -0.05, 0.4, -0.05, 0.7, 0.06), new Limb(beak, 0.2, 0.4, 0.2, 0.7, 0.06),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It acts."),
    };

    static Rgb Lighter(Rgb colour) => colour * 0.5 + new Rgb(255, 255, 255) * 0.5;
}

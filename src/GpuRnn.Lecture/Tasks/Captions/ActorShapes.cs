namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>How men, women and dogs are drawn, by what they do: what lies behind first. All look to the right.</summary>
static class ActorShapes
{
    static readonly Rgb skin = new(238, 184, 145), hair = new(125, 70, 30), trousers = new(100, 100, 112), dark = new(60, 52, 52);

    public static Shape[] Of(Kind kind, Deed deed, Rgb colour) =>
        kind == Kind.Dog ? Dog(deed, colour) : Person(deed, colour, kind == Kind.Woman);

    /// <summary>
    /// A head, arms, and below the hips a dress or trousers. Women have long hair and a dress in their colour, men a shirt.
    /// </summary>
    static Shape[] Person(Deed deed, Rgb colour, bool woman) => deed switch
    {
        Deed.Running =>
        [
            .. Head(0.2, -0.66, woman, -1, 0.15),
            Leg(0, 0.25, 0.5, 0.45, woman), Leg(0.5, 0.45, 0.42, 0.88, woman), Leg(-0.05, 0.25, -0.35, 0.6, woman),
            Leg(-0.35, 0.6, -0.82, 0.6, woman),
            Torso(0.12, -0.3, -0.03, 0.25, colour),
            .. woman ? Skirt((0.0, -0.25), (0.28, -0.2), (0.45, 0.5), (-0.45, 0.5), colour) : [],
            Arm(0.12, -0.28, 0.48, 0.02), Arm(0.48, 0.02, 0.8, -0.2), Arm(0.08, -0.28, -0.34, -0.1), Arm(-0.34, -0.1, -0.5, 0.2),
        ],
        Deed.Jumping =>
        [
            .. Head(0, -0.6, woman, 0, 0.3),
            Leg(0.1, 0.3, 0.55, 0.62, woman), Leg(0.55, 0.62, 0.35, 0.92, woman), Leg(-0.1, 0.3, -0.55, 0.62, woman),
            Leg(-0.55, 0.62, -0.35, 0.92, woman),
            Torso(0, -0.22, 0, 0.25, colour),
            .. woman ? Skirt((-0.16, -0.2), (0.16, -0.2), (0.52, 0.5), (-0.52, 0.5), colour) : [],
            Arm(0.15, -0.22, 0.62, -0.86), Arm(-0.15, -0.22, -0.62, -0.86),
        ],
        Deed.Sitting =>
        [
            .. Head(-0.3, -0.62, woman, -0.5, 0.35),
            Leg(-0.25, 0.5, 0.45, 0.5, woman), Leg(0.45, 0.5, 0.5, 0.9, woman), Leg(0.5, 0.9, 0.72, 0.9, woman),
            Torso(-0.3, -0.2, -0.3, 0.45, colour),
            .. woman ? Skirt((-0.46, -0.1), (-0.12, -0.1), (0.42, 0.36), (0.36, 0.66), colour, (-0.52, 0.68)) : [],
            Arm(-0.25, -0.15, 0.02, 0.18), Arm(0.02, 0.18, 0.4, 0.2),
        ],
        Deed.Sleeping =>
        [
            .. LyingHead(woman),
            Leg(0.3, 0.6, 0.88, 0.62, woman), Leg(0.3, 0.72, 0.88, 0.76, woman),
            Torso(-0.26, 0.64, 0.3, 0.66, colour),
            .. woman ? Skirt((-0.3, 0.46), (-0.3, 0.84), (0.62, 0.98), (0.62, 0.22), colour) : [],
            Arm(-0.2, 0.7, 0.2, 0.82),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(deed), deed, "A person does something."),
    };

    /// <summary>A head with short hair, or with hair that falls to a side and so far down.</summary>
    static Shape[] Head(double x, double y, bool woman, double side, double down) => woman
        ? [new Limb(hair, x, y - 0.02, x + 0.22 * side, y + down, 0.3), new Ellipse(skin, x + 0.06, y + 0.03, 0.2, 0.23)]
        : [new Ellipse(hair, x, y - 0.08, 0.25, 0.24), new Ellipse(skin, x + 0.03, y + 0.04, 0.23, 0.22)];

    static Shape[] LyingHead(bool woman) => woman
        ? [new Limb(hair, -0.64, 0.55, -0.72, 0.74, 0.26), new Limb(hair, -0.72, 0.84, -0.4, 0.86, 0.12),
            new Ellipse(skin, -0.54, 0.6, 0.22, 0.2)]
        : [new Ellipse(hair, -0.7, 0.64, 0.25, 0.25), new Ellipse(skin, -0.56, 0.62, 0.22, 0.22)];

    static Limb Torso(double fromX, double fromY, double toX, double toY, Rgb colour) => new(colour, fromX, fromY, toX, toY, 0.21);

    static Limb Leg(double fromX, double fromY, double toX, double toY, bool woman) =>
        new(woman ? skin : trousers, fromX, fromY, toX, toY, woman ? 0.09 : 0.12);

    static Limb Arm(double fromX, double fromY, double toX, double toY) => new(skin, fromX, fromY, toX, toY, 0.085);

    static Shape[] Skirt((double, double) a, (double, double) b, (double, double) c, (double, double) d, Rgb colour,
        params (double, double)[] more) =>
        [new Polygon(colour, [a, b, c, d, .. more])];

    static Shape[] Dog(Deed deed, Rgb colour) => deed switch
    {
        Deed.Running =>
        [
            new Limb(colour, -0.55, -0.05, -0.95, -0.3, 0.08),
            new Limb(colour, -0.45, 0.1, -0.88, 0.55, 0.1), new Limb(colour, -0.4, 0.1, -0.6, 0.62, 0.1),
            new Limb(colour, 0.35, 0.1, 0.6, 0.6, 0.1), new Limb(colour, 0.4, 0.1, 0.9, 0.5, 0.1),
            new Limb(colour, -0.4, 0.02, 0.38, 0.0, 0.25), .. DogHead(0.62, -0.3, colour),
        ],
        Deed.Jumping =>
        [
            new Limb(colour, -0.5, 0.35, -0.9, 0.3, 0.08),
            new Limb(colour, -0.4, 0.4, -0.62, 0.9, 0.1), new Limb(colour, -0.3, 0.4, -0.35, 0.92, 0.1),
            new Limb(colour, 0.25, -0.15, 0.72, 0.15, 0.1), new Limb(colour, 0.3, -0.2, 0.86, -0.1, 0.1),
            new Limb(colour, -0.36, 0.36, 0.22, -0.28, 0.25), .. DogHead(0.4, -0.66, colour),
        ],
        Deed.Sitting =>
        [
            new Limb(colour, -0.45, 0.75, -0.85, 0.6, 0.08),
            new Ellipse(colour, -0.25, 0.6, 0.38, 0.34), new Limb(colour, -0.2, 0.5, 0.12, -0.15, 0.2),
            new Limb(colour, 0.2, 0.0, 0.26, 0.86, 0.1), new Limb(colour, -0.2, 0.86, 0.06, 0.86, 0.1), .. DogHead(0.28, -0.5, colour),
        ],
        Deed.Sleeping =>
        [
            new Limb(colour, -0.62, 0.45, -0.9, 0.25, 0.08),
            new Limb(colour, -0.62, 0.85, -0.2, 0.85, 0.12), new Limb(colour, 0.1, 0.86, 0.84, 0.86, 0.11),
            new Limb(colour, -0.4, 0.52, 0.1, 0.52, 0.29), .. DogHead(0.5, 0.46, colour, asleep: true),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(deed), deed, "A dog does something."),
    };

    static Shape[] DogHead(double x, double y, Rgb colour, bool asleep = false) =>
    [
        new Ellipse(colour, x, y, 0.26, 0.24), new Limb(colour, x, y + 0.06, x + 0.26, y + 0.08, 0.12),
        new Ellipse(dark, x - 0.14, y + 0.06, 0.11, 0.24),
        new Ellipse(dark, x + 0.31, y + 0.06, 0.08, 0.07),
        .. asleep ? (Shape[])[new Limb(dark, x + 0.04, y - 0.04, x + 0.14, y - 0.04, 0.035)]
            : [new Ellipse(dark, x + 0.1, y - 0.08, 0.07, 0.07)],
    ];
}

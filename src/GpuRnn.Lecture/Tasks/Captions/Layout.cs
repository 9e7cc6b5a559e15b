namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>Where a figure goes: the middle and half the side of its square, in 32nds of the picture's side.</summary>
readonly record struct Spot(Figure Figure, double X, double Y, double Half);

/// <summary>Finds places, with a little chance in them; no figure leaves the picture or touches another.</summary>
static class Layout
{
    const double Middle = 16, Near = 8.3, Far = 23.7;

    public static Spot[] Of(Scene scene, Draws draws)
    {
        if (scene.Second is null) return Alone(scene, draws);
        bool sideways = scene.Relation is Relation.LeftOf or Relation.RightOf,
            firstNear = scene.Relation is Relation.LeftOf or Relation.Above;
        Spot At(Figure figure, bool near, double across, double half)
        {
            double along = (near ? Near : Far) + draws.Between(-0.4, 0.4);
            across += draws.Between(-0.4, 0.4);
            return sideways ? new(figure, along, across, half) : new(figure, across, along, half);
        }
        double half = draws.Between(6.7, 7.3);
        Spot second = At(scene.Second, !firstNear, Middle + draws.Between(-2, 2), half);
        if (!scene.First.Two) return [At(scene.First, firstNear, Middle + draws.Between(-2, 2), half), second];
        // Two stand in a row across the direction in which the other is.
        return [At(scene.First, firstNear, Near, half * 0.95), At(scene.First, firstNear, Far, half * 0.95), second];
    }

    static Spot[] Alone(Scene scene, Draws draws)
    {
        if (scene.First.Two)
        {
            double each = draws.Between(6.7, 7.3);
            return [.. ((double[])[Near, Far])
                .Select(x => new Spot(scene.First, x + draws.Between(-0.4, 0.4), Middle + draws.Between(-3, 3), each))];
        }
        (double half, double free) = scene.Size switch
        {
            Size.Small => (draws.Between(5.2, 6.2), 6.0),
            Size.Big => (draws.Between(12.4, 13.6), 2.0),
            _ => (draws.Between(10, 12), 3.0),
        };
        return [new(scene.First, Middle + draws.Between(-free, free), Middle + draws.Between(-free, free), half)];
    }
}

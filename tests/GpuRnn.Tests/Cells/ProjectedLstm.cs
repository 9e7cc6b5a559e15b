using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>An LSTM whose h is a projection of its hidden units: PyTorch's proj_size.</summary>
public struct ProjectedLstm<L> : IProjectedCell<L, Lstm<L>> where L : struct, ILane<L>;

/// <summary>A projection behind a cell with parameters of units.</summary>
public struct ProjectedPeepholeLstm<L> : IProjectedCell<L, PeepholeLstm<L>> where L : struct, ILane<L>;

/// <summary>The same for the reference: h is shorter than c.</summary>
sealed class ProjectedLstmCell : TestCell
{
    public override string Name => "lstm_projected";
    public override Type Definition => typeof(ProjectedLstm<>);
    public override int Gates => 4;
    public override bool HasC => true;
    public override int ProjectionSize(int hidden) => Projection.Size(hidden);
    public override IEnumerable<(string, int, int)> Others(int hidden) => [("weight_hr", Projection.Size(hidden), hidden)];

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c)
    {
        Var[] next = Units(hidden, j => w.Both(hidden + j, x, h).Sigmoid() * c[j]
            + w.Both(j, x, h).Sigmoid() * w.Both(2 * hidden + j, x, h).Tanh());
        return (Projection.Of(w, Units(hidden, j => w.Both(3 * hidden + j, x, h).Sigmoid() * next[j].Tanh())), next);
    }
}

/// <summary>The same for the reference.</summary>
sealed class ProjectedPeepholeLstmCell : PeepholeLstmCell
{
    public override string Name => "lstm_peephole_projected";
    public override Type Definition => typeof(ProjectedPeepholeLstm<>);
    public override int ProjectionSize(int hidden) => Projection.Size(hidden);
    public override IEnumerable<(string, int, int)> Others(int hidden) =>
        [("weight_hr", Projection.Size(hidden), hidden), .. base.Others(hidden)];

    public override (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c)
    {
        (Var[] inner, Var[] next) = base.Step(w, hidden, x, h, c);
        return (Projection.Of(w, inner), next);
    }
}

static class Projection
{
    /// <summary>About two thirds of the hidden units: another number of panels, for many sizes.</summary>
    public static int Size(int hidden) => (2 * hidden + 2) / 3;

    public static Var[] Of(ReferenceWeights w, Var[] units)
    {
        Var[] weights = w.Others["weight_hr"];
        return [.. Enumerable.Range(0, weights.Length / units.Length)
            .Select(r => w.Tape.Dot(weights.AsSpan(r * units.Length, units.Length), units))];
    }
}

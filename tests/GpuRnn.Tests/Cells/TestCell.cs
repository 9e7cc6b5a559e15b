using GpuRnn.Layers;
using GpuRnn.Tests.Reference;

namespace GpuRnn.Tests.Cells;

/// <summary>
/// A cell that only the tests know: its equations for the engine, and the forward equations once more for the reference. One of each kind
/// that the contracts allow and the engine's own cells are not.
/// </summary>
abstract class TestCell
{
    public static IReadOnlyList<TestCell> All { get; } =
        [new MinimalGatedUnitCell(), new PeepholeLstmCell(), new ProjectedLstmCell(), new ProjectedPeepholeLstmCell(),
            new NormalizedRnnCell(), new RecallingRnnCell()];

    /// <summary>Names of all of them, for test cases.</summary>
    public static IEnumerable<string> Names => All.Select(c => c.Name);

    public static TestCell? Find(string name) => All.FirstOrDefault(c => c.Name == name);

    /// <summary>A cell of the engine or of the tests.</summary>
    public static Cell Engine(string name) => Find(name) is { } own ? Cell.Of(own.Name, own.Definition) : Cell.Named(name);

    /// <summary>A network of a cell of the engine or of the tests.</summary>
    public static Recurrent<E> Network<E>(Device device, string name, int inputs, int hidden, RecurrentOptions? options = null)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        new(device, Engine(name), inputs, hidden, (options ?? new()) with { ProjectionSize = Find(name)?.ProjectionSize(hidden) ?? 0 });

    public abstract string Name { get; }
    /// <summary>The open generic type of its equations.</summary>
    public abstract Type Definition { get; }
    public abstract int Gates { get; }
    /// <summary>Gates that x reaches.</summary>
    public virtual int InputGates => Gates;
    public abstract bool HasC { get; }

    /// <summary>
    /// Of fewer hidden units the gradient is no more than the rounding of what it is a difference of, whoever computes it.
    /// </summary>
    public virtual int FewestHidden => 1;

    /// <summary>RecurrentOptions.ProjectionSize for so many hidden units.</summary>
    public virtual int ProjectionSize(int hidden) => 0;

    /// <summary>Tensors beside those of gates.</summary>
    public virtual IEnumerable<(string Name, int Rows, int Columns)> Others(int hidden) => [];

    /// <summary>A step of the reference.</summary>
    public abstract (Var[] H, Var[] C) Step(ReferenceWeights w, int hidden, Var[] x, Var[] h, Var[] c);

    protected static Var[] Units(int count, Func<int, Var> unit) => [.. Enumerable.Range(0, count).Select(unit)];
}

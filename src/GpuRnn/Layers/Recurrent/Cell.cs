using System.Reflection;
using GpuRnn.Backends;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Layers;

/// <summary>
/// A recurrent cell: a name and the generic type that holds its equations. A new cell is one file of equations and one line here; a
/// program may bring its own by <see cref="Of"/>.
/// </summary>
public sealed class Cell
{
    readonly Type definition;
    readonly Type[] choices;
    IReadOnlyList<CellTensor>? tensors;
    bool? projects;

    Cell(string name, Type definition, params Type[] choices) => (Name, this.definition, this.choices) = (name, definition, choices);

    /// <summary>Its name, as files and commands know it.</summary>
    public string Name { get; }

    /// <summary>Gates that are stacked in W_ih.</summary>
    public int Gates => Tensors.First(t => t.Role == TensorRole.Input).Blocks;

    /// <summary>
    /// The stacked gate that keeps the state from step to step where it is open (f of an LSTM, z of a GRU); null for cells that have none.
    /// </summary>
    public int? KeepGate { get; private init; }

    /// <summary>
    /// The stacked gate that lets new values into the state (i of an LSTM, u of the relevance LSTM); null where there is none of its own.
    /// </summary>
    public int? WriteGate { get; private init; }

    /// <summary>Long short-term memory; gates i f g o.</summary>
    public static Cell Lstm { get; } = new("lstm", typeof(Lstm<>)) { KeepGate = 1, WriteGate = 0 };
    /// <summary>Gated recurrent unit, PyTorch's form; gates r z n.</summary>
    public static Cell Gru { get; } = new("gru", typeof(Gru<>)) { KeepGate = 1 };
    /// <summary>h = tanh(W_ih x + W_hh h + b).</summary>
    public static Cell RnnTanh { get; } = new("rnn_tanh", typeof(Rnn<,>), typeof(Tanh<>));
    /// <summary>h = max(0, W_ih x + W_hh h + b).</summary>
    public static Cell RnnRelu { get; } = new("rnn_relu", typeof(Rnn<,>), typeof(Relu<>));
    /// <summary>h = sigmoid(W_ih x + W_hh h + b).</summary>
    public static Cell RnnSigmoid { get; } = new("rnn_sigmoid", typeof(Rnn<,>), typeof(Logistic<>));
    /// <summary>The lecture's LSTM with a relevance gate; gates u r f o c, a = o * c.</summary>
    public static Cell Relevance { get; } = new(
        "relevance_lstm", typeof(RelevanceLstm<,>), typeof(Identity<>))
    { KeepGate = 2, WriteGate = 0 };
    /// <summary>The same with a = o * tanh(c).</summary>
    public static Cell RelevanceTanh { get; } = new(
        "relevance_lstm_tanh", typeof(RelevanceLstm<,>), typeof(Tanh<>))
    { KeepGate = 2, WriteGate = 0 };

    /// <summary>All cells that the engine brings.</summary>
    public static IReadOnlyList<Cell> All { get; } = [Lstm, Gru, RnnTanh, RnnRelu, RnnSigmoid, Relevance, RelevanceTanh];

    /// <summary>
    /// A cell of the caller's: an open generic struct over the lane that implements one of the contracts of cells (GpuRnn.Kernels.Cells).
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="definition">The open generic type, such as typeof(MyCell&lt;&gt;).</param>
    /// <exception cref="BadArgumentException">The type is no such struct, or what it says of itself does not fit together.</exception>
    public static Cell Of(string name, Type definition)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(definition);
        if (name.Length == 0) throw new BadArgumentException($"The cell {definition} has no name: files and messages need one.");
        Cell cell = new(name, definition);
        if (!definition.IsGenericTypeDefinition || !definition.IsValueType || definition.GetGenericArguments().Length != 1)
            throw new BadArgumentException(
                $"{definition} is no cell: a cell is a generic struct over one lane, passed as typeof(MyCell<>).");
        CellContract.Check(cell);
        return cell;
    }

    /// <summary>A cell of the engine by its name.</summary>
    /// <param name="name">Such as "lstm"; "rnn" is "rnn_tanh" and "relevance" is "relevance_lstm".</param>
    /// <exception cref="BadArgumentException">There is none of that name.</exception>
    public static Cell Named(string name) => name switch
    {
        "rnn" => RnnTanh,
        "relevance" => Relevance,
        _ => All.FirstOrDefault(c => c.Name == name)
            ?? throw new BadArgumentException($"There is no cell '{name}'. There is: {string.Join(", ", All.Select(c => c.Name))}."),
    };

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Its tensors.</summary>
    internal IReadOnlyList<CellTensor> Tensors => tensors ??= (IReadOnlyList<CellTensor>)typeof(Cell)
        .GetMethod(nameof(TensorsOf), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(Over(typeof(ScalarSingle)))
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    static IReadOnlyList<CellTensor> TensorsOf<TCell>() where TCell : struct, ICell => TCell.Tensors;

    /// <summary>Is its h a projection, of a size of its own?</summary>
    internal bool Projects => projects ??= Tensors.Any(t => t.Role == TensorRole.Projection);

    Type Over(Type lane)
    {
        try
        {
            return definition.MakeGenericType([lane, .. choices.Select(c => c.MakeGenericType(lane))]);
        }
        catch (ArgumentException e)
        {
            throw new BadArgumentException($"{definition} is no cell: its parameter takes no lane, a struct that implements ILane.", e);
        }
    }

    /// <summary>The stages of its step over a lane: the type arguments of a tile.</summary>
    internal IReadOnlyList<StageTypes> Stages(Type lane) => StagesOf(Over(lane), lane);

    static IReadOnlyList<StageTypes> StagesOf(Type cell, Type lane)
    {
        Type none = typeof(NoSlots<>).MakeGenericType(lane);
        foreach (Type contract in cell.GetInterfaces().Where(i => i.IsGenericType))
        {
            Type[] p = contract.GetGenericArguments(), types = [.. p, cell];
            Type open = contract.GetGenericTypeDefinition();
            if (open == typeof(ICell<,>)) return [new(p[1], none, none, none, typeof(OneStage<,,>).MakeGenericType(types))];
            if (open == typeof(ICell<,,>)) return [new(p[1], none, p[2], none, typeof(UnitStage<,,,>).MakeGenericType(types))];
            if (open == typeof(INormalizedCell<,,,>)) return [new(
                p[1], none, p[2], p[3], typeof(NormalizedStage<,,,,>).MakeGenericType(types))];
            if (open == typeof(ITwoStageCell<,,,,>))
                return
                [
                    new(p[1], none, none, none, typeof(InnerStage<,,,,,>).MakeGenericType(types)),
                    new(p[2], p[1], none, none, typeof(OuterStage<,,,,,>).MakeGenericType(types)),
                ];
            if (open == typeof(IProjectedCell<,>)) return Projected(cell, StagesOf(p[1], lane), lane);
        }
        throw new BadArgumentException(
            $"{cell} is no cell: it implements none of ICell<L, S>, ICell<L, S, P>, INormalizedCell<L, S, P, R>, "
            + "ITwoStageCell<L, S1, S2, G1, G2> and IProjectedCell<L, TCell>.");
    }

    static IReadOnlyList<StageTypes> Projected(Type cell, IReadOnlyList<StageTypes> stages, Type lane)
    {
        if (stages.Any(s => s.Equations.GetGenericTypeDefinition() == typeof(ProjectionStage<>)))
            throw new BadArgumentException(
                $"{cell} cannot project: its cell projects already, and h is one projection of the hidden units.");
        if (stages.Any(s => StageNumbers.Of(s).CarriesH))
            throw new BadArgumentException(
                $"{cell} cannot project: its cell carries h from step to step, which then would have two sizes.");
        Type none = typeof(NoSlots<>).MakeGenericType(lane);
        return [.. stages, new(typeof(Slots1<>).MakeGenericType(lane), none, none, none, typeof(ProjectionStage<>).MakeGenericType(lane))];
    }
}

/// <summary>The types of a stage over one lane: see <see cref="IEquations{L, S, B, P, R}"/>.</summary>
readonly record struct StageTypes(Type Slots, Type Before, Type Unit, Type Row, Type Equations);

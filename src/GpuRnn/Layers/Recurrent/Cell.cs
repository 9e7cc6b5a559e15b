using GpuRnn.Kernels.Cells;

namespace GpuRnn.Layers;

/// <summary>
/// A recurrent cell: a name and the generic type that holds its equations. A new cell is one file of equations and one line here; a
/// program may bring its own by <see cref="Of"/>.
/// </summary>
public sealed class Cell
{
    readonly Type definition;
    readonly Type[] choices;

    Cell(string name, Type definition, params Type[] choices) => (Name, this.definition, this.choices) = (name, definition, choices);

    /// <summary>Its name, as files and commands know it.</summary>
    public string Name { get; }

    /// <summary>
    /// The stacked gate that keeps the state from step to step where it is open (f of an LSTM, z of a GRU); null for cells that have none.
    /// </summary>
    public int? KeepGate { get; private init; }

    /// <summary>The stacked gate that lets new values into the state (i of an LSTM, u of the relevance LSTM); null where there is none of its own.</summary>
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
    public static Cell Relevance { get; } = new("relevance_lstm", typeof(RelevanceLstm<,>), typeof(Identity<>)) { KeepGate = 2, WriteGate = 0 };
    /// <summary>The same with a = o * tanh(c).</summary>
    public static Cell RelevanceTanh { get; } = new("relevance_lstm_tanh", typeof(RelevanceLstm<,>), typeof(Tanh<>)) { KeepGate = 2, WriteGate = 0 };

    /// <summary>All cells that the engine brings.</summary>
    public static IReadOnlyList<Cell> All { get; } = [Lstm, Gru, RnnTanh, RnnRelu, RnnSigmoid, Relevance, RelevanceTanh];

    /// <summary>A cell of the caller's: an open generic struct over the lane that implements ICell or ITwoStageCell.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="definition">The open generic type, such as typeof(MyCell&lt;&gt;).</param>
    /// <exception cref="BadArgumentException">The type is no such struct.</exception>
    public static Cell Of(string name, Type definition)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(definition);
        Cell cell = new(name, definition);
        if (!definition.IsGenericTypeDefinition || !definition.IsValueType || definition.GetGenericArguments().Length != 1)
            throw new BadArgumentException($"{definition} is no cell: a cell is a generic struct over one lane, passed as typeof(MyCell<>).");
        _ = cell.Step(typeof(Kernels.Lanes.ScalarSingle));
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

    /// <summary>Slots, stages and step of this cell over a lane: the type arguments of a tile.</summary>
    internal StepTypes Step(Type lane)
    {
        Type cell = definition.MakeGenericType([lane, .. choices.Select(c => c.MakeGenericType(lane))]);
        foreach (Type contract in cell.GetInterfaces().Where(i => i.IsGenericType))
        {
            Type[] p = contract.GetGenericArguments();
            if (contract.GetGenericTypeDefinition() == typeof(ICell<,>))
                return new(p[1], typeof(Slots1<>).MakeGenericType(lane), cell, typeof(NoStage), typeof(OneStage<,,>).MakeGenericType(lane, p[1], cell));
            if (contract.GetGenericTypeDefinition() == typeof(ITwoStageCell<,,,,>))
                return new(p[1], p[2], p[3], p[4], typeof(TwoStages<,,,,,>).MakeGenericType(lane, p[1], p[2], p[3], p[4], cell));
        }
        throw new BadArgumentException($"{cell} is no cell: it implements neither ICell<L, S> nor ITwoStageCell<L, S1, S2, G1, G2>.");
    }
}

/// <summary>The types of a cell's step over one lane.</summary>
readonly record struct StepTypes(Type Slots1, Type Slots2, Type Stage1, Type Stage2, Type Step);

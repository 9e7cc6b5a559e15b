namespace GpuRnn.Kernels.Cells;

/// <summary>Which slots a product fills: a type, so that the compiler knows them.</summary>
interface IRange
{
    /// <summary>The first slot.</summary>
    static abstract int First { get; }
    /// <summary>How many.</summary>
    static abstract int Count { get; }
}

/// <summary>Slots of a stage's input product.</summary>
/// <typeparam name="G">The stage.</typeparam>
readonly struct InputRange<G> : IRange where G : struct, IStage
{
    /// <inheritdoc/>
    public static int First => G.InputFirst;
    /// <inheritdoc/>
    public static int Count => G.InputCount;
}

/// <summary>Slots of a stage's hidden product.</summary>
/// <typeparam name="G">The stage.</typeparam>
readonly struct HiddenRange<G> : IRange where G : struct, IStage
{
    /// <inheritdoc/>
    public static int First => G.HiddenFirst;
    /// <inheritdoc/>
    public static int Count => G.HiddenCount;
}

/// <summary>All of four, three, two or one: see <see cref="ISlots{TSelf, L}.Count"/>.</summary>
/// <typeparam name="S">The slots.</typeparam>
/// <typeparam name="L">The lane.</typeparam>
readonly struct AllSlots<S, L> : IRange where S : struct, ISlots<S, L> where L : struct, Lanes.ILane<L>
{
    /// <inheritdoc/>
    public static int First => 0;
    /// <inheritdoc/>
    public static int Count => S.Count;
}

namespace GpuRnn.Kernels.Lanes;

/// <summary>A lane of a CPU: <see cref="Width"/> neighbouring elements in vector registers.</summary>
/// <typeparam name="TSelf">The lane itself.</typeparam>
/// <typeparam name="TElement">float or double.</typeparam>
unsafe interface IVector<TSelf, TElement> : ILane<TSelf, TElement>
    where TSelf : struct, IVector<TSelf, TElement>
    where TElement : unmanaged, IFloatingPointIeee754<TElement>
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// Rows of a register tile of four vectors a row: as many accumulators as the machine's registers hold beside the operands
    /// (32 registers: 6 x 4; 16 registers: 3 x 4).
    /// </summary>
    static abstract int TileRows { get; }

    /// <summary>Registers that it takes: 1, or 4 for <see cref="Four{V, E}"/>.</summary>
    static abstract int Registers { get; }

    /// <summary>Width elements from p on; no alignment needed.</summary>
    static abstract TSelf Load(TElement* p);

    /// <summary>Of floats: Width elements whose upper halves lie from p on; the lower ones are 0.</summary>
    static abstract TSelf LoadUpper(ushort* p);

    /// <summary>The same of every other of 2 Width upper halves, from the first on.</summary>
    static abstract TSelf LoadEven(ushort* p);

    /// <summary>The same from the second on.</summary>
    static abstract TSelf LoadOdd(ushort* p);

    /// <summary>The same of registers two and two: their elements lie side by side.</summary>
    static abstract TSelf LoadUpperPairs(ushort* p);

    /// <summary>
    /// Of floats, whose bits are taken for whole numbers: the sum of each lane and of four products of bytes, signed ones of weights and
    /// ones from 0 to 127 of inputs.
    /// </summary>
    static abstract TSelf AddDots(TSelf sums, TSelf weights, TSelf inputs);

    /// <summary>Whole numbers less others, both as above, as floats.</summary>
    static abstract TSelf FromWhole(TSelf whole, TSelf less);

    /// <summary>Writes Width elements from p on; no alignment needed.</summary>
    static abstract void Store(TElement* p, TSelf value);

    /// <summary>The sum of the elements, always in the same order.</summary>
    static abstract TElement Sum(TSelf value);
}

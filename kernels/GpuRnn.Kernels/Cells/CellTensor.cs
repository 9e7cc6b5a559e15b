namespace GpuRnn.Kernels.Cells;

/// <summary>Where a tensor enters a step, from which its shape follows. U: hidden units; I: elements of x; R: elements of h.</summary>
public enum TensorRole
{
    /// <summary>[blocks * U, I] Times x.</summary>
    Input,
    /// <summary>[blocks * U, R] Times h, or times what a stage makes of it.</summary>
    Hidden,
    /// <summary>[blocks * U] Added to the input product.</summary>
    InputBias,
    /// <summary>[blocks * U] Added to the hidden product.</summary>
    HiddenBias,
    /// <summary>[R, U] Times the units of the stage before: h.</summary>
    Projection,
    /// <summary>[blocks * U] Parameters of single units, in the cell's equations.</summary>
    Unit,
}

/// <summary>A tensor of a cell.</summary>
/// <param name="Name">Its name in files, before the layer's suffix: weight_ih becomes weight_ih_l0.</param>
/// <param name="Role">Where it enters a step.</param>
/// <param name="Blocks">Gates that are stacked in it, or parameters of a unit.</param>
public sealed record CellTensor(string Name, TensorRole Role, int Blocks)
{
    /// <summary>What it holds before training; null for random numbers.</summary>
    public double? Start { get; init; }

    /// <summary>
    /// The tensors of a cell with gates, under PyTorch's names: weight_ih, weight_hh, and bias_ih and bias_hh or one bias.
    /// </summary>
    /// <param name="gates">Gates stacked in W_ih and in W_hh.</param>
    /// <param name="oneBias">Has it b_ih and b_hh, or one b?</param>
    public static IReadOnlyList<CellTensor> OfGates(int gates, bool oneBias = false)
    {
        CellTensor input = new("weight_ih", TensorRole.Input, gates), hidden = new("weight_hh", TensorRole.Hidden, gates);
        return oneBias
            ? [input, hidden, new("bias", TensorRole.InputBias, gates)]
            : [input, hidden, new("bias_ih", TensorRole.InputBias, gates), new("bias_hh", TensorRole.HiddenBias, gates)];
    }

    /// <summary>Parameters of single units.</summary>
    /// <param name="name">Its name in files.</param>
    /// <param name="count">How many a unit has.</param>
    public static CellTensor OfUnits(string name, int count) => new(name, TensorRole.Unit, count);

    /// <summary>A cell's tensors and those of a projection, weight_hr as PyTorch has it.</summary>
    internal static IReadOnlyList<CellTensor> Projected(IReadOnlyList<CellTensor> cell)
    {
        CellTensor projection = new("weight_hr", TensorRole.Projection, 1);
        return [.. cell.Where(t => t.Role != TensorRole.Unit), projection, .. cell.Where(t => t.Role == TensorRole.Unit)];
    }
}

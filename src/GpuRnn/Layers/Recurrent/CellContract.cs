using System.Reflection;
using GpuRnn.Backends;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;

namespace GpuRnn.Layers;

/// <summary>
/// What a cell says of itself must fit together, for kernels take it at its word: they read where its stages say from tensors that are as
/// large as its list says.
/// </summary>
static class CellContract
{
    /// <summary>Refuses a cell that contradicts itself.</summary>
    /// <exception cref="BadArgumentException">It does.</exception>
    public static void Check(Cell cell)
    {
        IReadOnlyList<StageTypes> stages = cell.Stages(typeof(ScalarSingle)); // first: what is no cell lists nothing
        IReadOnlyList<CellTensor> tensors = cell.Tensors ?? throw Wrong(cell, "its list of tensors is null");
        CheckNames(cell, tensors);
        bool projects = stages[^1].Equations.GetGenericTypeDefinition() == typeof(ProjectionStage<>);
        CheckCount(cell, TensorRole.Projection, tensors, projects ? 1 : 0);
        if (projects && Blocks(tensors, TensorRole.Projection) != 1) throw Wrong(cell, "its projection has one block, and no more");
        CheckCount(cell, TensorRole.Input, tensors, 1);
        CheckCount(cell, TensorRole.Hidden, tensors, 1);
        int input = Blocks(tensors, TensorRole.Input), hidden = Blocks(tensors, TensorRole.Hidden);
        CheckBias(cell, TensorRole.InputBias, tensors, input);
        CheckBias(cell, TensorRole.HiddenBias, tensors, hidden);
        CheckUnits(cell, tensors, stages.Sum(s => StageNumbers.Of(s).UnitParameters));
        foreach (StageTypes stage in projects ? stages.SkipLast(1) : stages) CheckStage(cell, stage, input, hidden);
    }

    static void CheckNames(Cell cell, IReadOnlyList<CellTensor> tensors)
    {
        foreach (CellTensor tensor in tensors)
        {
            if (tensor is null) throw Wrong(cell, "a tensor in its list is null");
            if (string.IsNullOrWhiteSpace(tensor.Name)) throw Wrong(cell, $"its tensor for {tensor.Role} has no name");
            if (tensor.Blocks < 1) throw Wrong(cell, $"its tensor {tensor.Name} has {tensor.Blocks} blocks; at least 1");
            if (!Enum.IsDefined(tensor.Role)) throw Wrong(cell, $"its tensor {tensor.Name} has no role");
        }
        if (tensors.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Wrong(cell, $"two of its tensors are called {twice.Key}");
    }

    static void CheckCount(Cell cell, TensorRole role, IReadOnlyList<CellTensor> tensors, int expected)
    {
        int count = tensors.Count(t => t.Role == role);
        if (count != expected) throw Wrong(cell, $"it lists {count} tensors of role {role}; its contract needs {expected}");
    }

    static void CheckBias(Cell cell, TensorRole role, IReadOnlyList<CellTensor> tensors, int gates)
    {
        if (tensors.All(t => t.Role != role)) return;
        CheckCount(cell, role, tensors, 1);
        if (Blocks(tensors, role) != gates)
            throw Wrong(cell, $"its {role} has {Blocks(tensors, role)} blocks; the product that it is added to has {gates} gates");
    }

    /// <summary>Kernels read those of a unit from one piece of memory, in their order.</summary>
    static void CheckUnits(Cell cell, IReadOnlyList<CellTensor> tensors, int parameters)
    {
        int listed = Blocks(tensors, TensorRole.Unit);
        if (listed != parameters) throw Wrong(cell, $"it lists {listed} parameters of a unit; its equations take {parameters}");
        if (tensors.SkipWhile(t => t.Role != TensorRole.Unit).Any(t => t.Role != TensorRole.Unit))
            throw Wrong(cell, "parameters of single units stand behind its other tensors");
    }

    static int Blocks(IReadOnlyList<CellTensor> tensors, TensorRole role) => tensors.Where(t => t.Role == role).Sum(t => t.Blocks);

    static void CheckStage(Cell cell, StageTypes types, int inputGates, int hiddenGates)
    {
        StageNumbers numbers = StageNumbers.Of(types);
        if (numbers.Rounds < 0) throw Wrong(cell, $"it asks for {numbers.Rounds} rounds of sums; 0 or more");
        (Filling input, Filling hidden) = ((Filling, Filling))typeof(CellContract)
            .GetMethod(nameof(Fillings), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types.Equations)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;
        CheckFilling(cell, "input", input, numbers.Slots, inputGates);
        CheckFilling(cell, "hidden", hidden, numbers.Slots, hiddenGates);
    }

    static void CheckFilling(Cell cell, string product, Filling filling, int slots, int gates)
    {
        (int first, int count, Func<int, int> gateOf) = filling;
        if (first < 0 || count < 0 || first + count > slots)
            throw Wrong(cell, $"its {product} product fills slots {first} to {first + count - 1}; a stage has {slots}, from 0");
        for (int slot = first; slot < first + count; slot++)
            if (gateOf(slot) is var gate && (gate < 0 || gate >= gates))
                throw Wrong(cell, $"slot {slot} is fed by gate {gate} of the {product} product, which has {gates}, from 0");
    }

    /// <summary>What a product fills: the first slot, how many, and the gate of each.</summary>
    readonly record struct Filling(int First, int Count, Func<int, int> GateOf);

    static (Filling Input, Filling Hidden) Fillings<TStage>() where TStage : struct, IStage =>
        (new(TStage.InputFirst, TStage.InputCount, slot => TStage.InputGate(slot)),
            new(TStage.HiddenFirst, TStage.HiddenCount, slot => TStage.HiddenGate(slot)));

    static BadArgumentException Wrong(Cell cell, string what) => new($"The cell '{cell.Name}' contradicts itself: {what}.");
}

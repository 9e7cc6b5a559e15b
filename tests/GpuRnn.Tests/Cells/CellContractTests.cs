using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Layers;

namespace GpuRnn.Tests.Cells;

/// <summary>Kernels take a cell at its word: one that contradicts itself is refused where it is made.</summary>
public class CellContractTests
{
    static readonly CellTensor s_input = new("weight_ih", TensorRole.Input, 1), s_hidden = new("weight_hh", TensorRole.Hidden, 1);

    static IEnumerable<TestCaseData> Lists()
    {
        static TestCaseData Case(string reason, params CellTensor[]? tensors) =>
            new TestCaseData(tensors, reason).SetArgDisplayNames(reason);
        yield return Case("list of tensors is null", null);
        yield return Case("0 tensors of role Input");
        yield return Case("0 tensors of role Hidden", s_input);
        yield return Case("2 tensors of role Input", s_input, s_hidden, s_input with { Name = "again" });
        yield return Case("a tensor in its list is null", s_input, s_hidden, null!);
        yield return Case("two of its tensors are called weight_ih", s_input, s_hidden with { Name = "weight_ih" });
        yield return Case("tensor for Hidden has no name", s_input, s_hidden with { Name = " " });
        yield return Case("tensor weight_hh has 0 blocks", s_input, s_hidden with { Blocks = 0 });
        yield return Case("tensor weight_hh has no role", s_input, s_hidden with { Role = (TensorRole)9 });
        yield return Case("1 tensors of role Projection", s_input, s_hidden, new("weight_hr", TensorRole.Projection, 1));
        yield return Case("its InputBias has 2 blocks", s_input, s_hidden, new("bias", TensorRole.InputBias, 2));
        yield return Case("2 tensors of role HiddenBias", s_input, s_hidden, new("b1", TensorRole.HiddenBias, 1),
            new("b2", TensorRole.HiddenBias, 1));
        yield return Case("lists 1 parameters of a unit; its equations take 0", s_input, s_hidden, CellTensor.OfUnits("scale", 1));
    }

    [TestCaseSource(nameof(Lists))]
    public void TensorsThatDoNotFitAreRefused(CellTensor[]? tensors, string reason)
    {
        Said.Tensors = () => tensors!;
        Refused(typeof(OneGate<>), reason);
    }

    [TestCase(0, 2, "input product fills slots 0 to 1; a stage has 1")]
    [TestCase(1, 1, "input product fills slots 1 to 1")]
    [TestCase(-1, 1, "input product fills slots -1 to -1")]
    public void SlotsThatAreNotThereAreRefused(int first, int count, string reason)
    {
        (Said.First, Said.Count) = (first, count);
        Refused(typeof(OneGate<>), reason);
    }

    [TestCase(1), TestCase(-1)]
    public void GatesThatAreNotThereAreRefused(int gate)
    {
        Said.Gate = gate;
        Refused(typeof(OneGate<>), $"slot 0 is fed by gate {gate} of the input product, which has 1");
    }

    [Test]
    public void ParametersOfAUnitMustBeListed()
    {
        Refused(typeof(OneGateOneScale<>), "lists 0 parameters of a unit; its equations take 1");
        Said.Tensors = () => [s_input, CellTensor.OfUnits("scale", 1), s_hidden];
        Refused(typeof(OneGateOneScale<>), "stand behind its other tensors");
        Said.Tensors = () => [s_input, s_hidden, CellTensor.OfUnits("scale", 1)];
        Assert.That(Cell.Of("own", typeof(OneGateOneScale<>)).Gates, Is.EqualTo(1));
    }

    [Test]
    public void WhatACellThrowsIsWhatTheCallerSees()
    {
        Said.Tensors = () => throw new NotSupportedException("not today");
        Assert.That(() => Cell.Of("own", typeof(OneGate<>)), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("not today"));
    }

    [Test]
    public void ACellThatFitsIsTaken() => Assert.That(Cell.Of("own", typeof(OneGate<>)).Gates, Is.EqualTo(1));

    static IEnumerable<Cell> EveryCell => [.. Cell.All, .. TestCell.Names.Select(TestCell.Engine)];

    [TestCaseSource(nameof(EveryCell))]
    public void CellsOfTheEngineAndOfTheTestsFit(Cell cell) => Assert.That(() => CellContract.Check(cell), Throws.Nothing);

    [SetUp]
    public void Reset() => (Said.Tensors, Said.First, Said.Count, Said.Gate) = (() => [s_input, s_hidden], 0, 1, 0);

    static void Refused(Type cell, string reason)
    {
        BadArgumentException e = Assert.Throws<BadArgumentException>(() => Cell.Of("own", cell))!;
        Assert.That(e.Message, Does.StartWith("The cell 'own' contradicts itself: ").And.Contains(reason).And.Not.Contains("\n"));
    }

    /// <summary>What the cells below say of themselves.</summary>
    static class Said
    {
        public static Func<IReadOnlyList<CellTensor>> Tensors = () => [];
        public static int First, Count, Gate;
    }

    struct OneGate<L> : ICell<L, Slots1<L>> where L : struct, ILane<L>
    {
        public static IReadOnlyList<CellTensor> Tensors => Said.Tensors();
        public static int InputFirst => Said.First;
        public static int InputCount => Said.Count;
        public static int HiddenCount => 1;
        public static int InputGate(int slot) => Said.Gate;
        public static void Forward(ref Slots1<L> slots, ref State<L> state) => state.H = slots.A;
        public static void Backward(ref Slots1<L> slots, ref State<L> grad, State<L> previous, State<L> now) => slots.A = grad.H;
    }

    struct OneGateOneScale<L> : ICell<L, Slots1<L>, Slots1<L>> where L : struct, ILane<L>
    {
        public static IReadOnlyList<CellTensor> Tensors => Said.Tensors();
        public static int InputCount => 1;
        public static int HiddenCount => 1;
        public static void Forward(ref Slots1<L> slots, Slots1<L> unit, ref State<L> state) => state.H = slots.A * unit.A;
        public static void Backward(ref Slots1<L> slots, Slots1<L> unit, ref State<L> grad, State<L> previous, State<L> now) =>
            slots.A = grad.H * unit.A;
        public static Slots1<L> UnitGradient(Slots1<L> slots, State<L> previous, State<L> now) => slots;
    }
}

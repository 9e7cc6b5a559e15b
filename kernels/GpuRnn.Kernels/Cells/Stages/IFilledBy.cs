namespace GpuRnn.Kernels.Cells;

/// <summary>A stage whose products fill its slots as another type says: a cell, or a description of its own.</summary>
/// <typeparam name="TGates">That type.</typeparam>
interface IFilledBy<TGates> : IStage where TGates : struct, IStage
{
    static int IStage.InputFirst => TGates.InputFirst;
    static int IStage.InputCount => TGates.InputCount;
    static int IStage.HiddenFirst => TGates.HiddenFirst;
    static int IStage.HiddenCount => TGates.HiddenCount;
    static int IStage.InputGate(int slot) => TGates.InputGate(slot);
    static int IStage.HiddenGate(int slot) => TGates.HiddenGate(slot);
}

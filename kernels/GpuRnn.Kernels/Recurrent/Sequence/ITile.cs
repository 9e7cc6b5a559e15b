using ILGPU;

namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// What a device must be able to do for a layer. A worker is one OS thread on a CPU and one thread group on a GPU; all threads of a
/// worker make every call together. The passes in <see cref="SequenceKernels"/> are written over this contract alone.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public interface ITile<E> where E : unmanaged
{
    /// <summary>Hidden units a panel.</summary>
    static abstract int Width { get; }
    /// <summary>Stages of the cell's step: 1 or 2.</summary>
    static abstract int Stages { get; }
    /// <summary>Can workers wait for each other inside a launch? If not, the host ends the launch where they must meet.</summary>
    static abstract bool WorkersMeet { get; }

    /// <summary>Are input products made for many steps at once (<see cref="Project"/>)?</summary>
    static abstract bool Projects { get; }

    /// <summary>Which worker this is.</summary>
    static abstract int Worker();
    /// <summary>How many there are in this launch.</summary>
    static abstract int Workers();
    /// <summary>The threads of this worker see each other's writes.</summary>
    static abstract void SyncWorker();
    /// <summary>All workers see each other's writes; barrier: 32 integers, 0 before the first launch.</summary>
    static abstract void SyncAll(in Buffer<int> barrier, int workers);

    /// <summary>Packs the worker's share of the weights for this device.</summary>
    static abstract void Pack(in SequenceArguments<E> a, int worker, int workers);

    /// <summary>y = 0 on padding.</summary>
    static abstract void ClearPadding(in SequenceArguments<E> a, in Part part);
    /// <summary>Biases and products of x into the gate rows of steps [first, last), for tiles that project.</summary>
    static abstract void Project(in SequenceArguments<E> a, in Part part, int first, int last);
    /// <summary>The first stage of a step: gates, and for one-stage cells the states.</summary>
    static abstract void Forward(in SequenceArguments<E> a, in Part part, int step);
    /// <summary>The second stage of a step.</summary>
    static abstract void ForwardSecond(in SequenceArguments<E> a, in Part part, int step);
    /// <summary>Behind the last step, copies the last h of every sequence to Hn; behind the first, carries c of empty sequences over.</summary>
    static abstract void FinishStates(in SequenceArguments<E> a, in Part part);

    /// <summary>dh = gate gradients of step + 1 times W_hh + upstream; then the cell's gradients. step = Begin - 1: only the product, the
    /// gradient of the h that the launch's steps began with.</summary>
    static abstract void Backward(in SequenceArguments<E> a, in Part part, int step);
    /// <summary>Gradients of the first stage through q, for two-stage cells.</summary>
    static abstract void BackwardSecond(in SequenceArguments<E> a, in Part part, int step);
    /// <summary>dx = 0 on padding.</summary>
    static abstract void ClearInputGradientPadding(in SequenceArguments<E> a, in Part part);
    /// <summary>dx of sequences [row0, row1) at steps [first, last).</summary>
    static abstract void InputGradient(in SequenceArguments<E> a, int row0, int row1, int first, int last);
    /// <summary>The worker's share of the parameters' gradients, summed over gate rows in their order, on top of later segments' sums.</summary>
    static abstract void WeightGradient(in SequenceArguments<E> a, int worker, int workers);
}

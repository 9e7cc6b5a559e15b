namespace GpuRnn.Kernels.Recurrent;

/// <summary>
/// Everything that a pass over a batch of sequences reads and writes: one layer in one direction. Views only; the host owns the
/// memory. Rows of x, y and their gradients are those of the caller's [T, B, ...] or [B, T, ...] arrays: row = Start[r] + step * RowStep.
/// </summary>
/// <remarks>
/// Sequences are sorted by length, longest first: r counts them in that order and those that live at a step are the first Active[step].
/// Steps count from a sequence's own first step, which for the reverse direction is its last element. A gate row is a sequence at a
/// step, g = Offset[step] + r: no gate row exists for padding. In training the rows of a launch are kept, in inference those of
/// Projected steps are kept, and offsets go round. U: hidden units, the size of c; R: elements of h and y.
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
struct SequenceArguments<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Steps of the caller's arrays.</summary>
    public int T;
    /// <summary>Steps of the longest sequence: those behind are padding, and no time loop gets there.</summary>
    public int Longest;
    /// <summary>First step of this launch: 0, or where a segment begins whose gates are computed again.</summary>
    public int Begin;
    /// <summary>Behind the last step of this launch: Longest, or where the segment ends.</summary>
    public int End;
    /// <summary>Sequences.</summary>
    public int B;
    /// <summary>I: input size; for indices, the size of the vocabulary.</summary>
    public int Inputs;
    /// <summary>U: hidden units, which is the size of c.</summary>
    public int Units;
    /// <summary>R: elements of h and y.</summary>
    public int Outputs;
    /// <summary>Elements between panels of a gate buffer, a slot: the most gate rows * W, and some padding.</summary>
    public int PanelStride;
    /// <summary>Rows between neighbouring steps of a sequence in the caller's arrays; negative in the reverse direction.</summary>
    public int RowStep;
    /// <summary>Elements between rows of x.</summary>
    public int XStride;
    /// <summary>Elements between rows of y and of its gradient.</summary>
    public int YStride;
    /// <summary>1 if what the backward pass needs is to be saved.</summary>
    public int Training;
    /// <summary>On a CPU, groups of workers: each owns sequences.</summary>
    public int Groups;
    /// <summary>Steps whose gate gradients stay in a worker's cache: dx is made after that many.</summary>
    public int Chunk;
    /// <summary>Steps whose input products are made at once, by ways that project.</summary>
    public int Projected;
    /// <summary>Slices of gate rows whose part of the parameters' gradients is summed on its own, by ways that do so.</summary>
    public int Slices;
    /// <summary>1 if dx is wanted.</summary>
    public int WantDx;
    /// <summary>1 if dx is added to what is there (the second direction).</summary>
    public int AddDx;
    /// <summary>1 if the parameters' gradients are added to what is there.</summary>
    public int AddDw;
    /// <summary>1 if the gradients of the last states came from the caller; else they are 0.</summary>
    public int WantStates;

    /// <summary>[B] The row of x and y of sequence r's first step.</summary>
    public Buffer<int> Start;
    /// <summary>[B] The row of sequence r in state arrays.</summary>
    public Buffer<int> Slot;
    /// <summary>[B] The length of sequence r, longest first.</summary>
    public Buffer<int> Length;
    /// <summary>[T + 1] Sequences that live at a step; 0 at T.</summary>
    public Buffer<int> Active;
    /// <summary>[T + 1] First gate row of a step, counted from the launch's Begin.</summary>
    public Buffer<int> Offset;
    /// <summary>[gate rows] The row of x and y of each, found where it is wanted.</summary>
    public Buffer<int> Row;
    /// <summary>[gate rows] The row of y that is h of the step before, or ~ the row of state arrays, where there is none.</summary>
    public Buffer<int> RowBefore;
    /// <summary>[owners + 1] Of workers, or groups of them, that own sequences: the first r of each.</summary>
    public Buffer<int> Bounds;
    /// <summary>
    /// [1 + groups, 48] Barriers of all workers and of each group: at 0 those that have arrived, at 16 how often it has opened. They reset
    /// themselves.
    /// </summary>
    public Buffer<int> Barrier;

    /// <summary>[rows, XStride] Input, if it is dense.</summary>
    public Buffer<E> X;
    /// <summary>[rows] Input, if it is indices: positions of the ones in one-hot vectors.</summary>
    public Buffer<int> Index;
    /// <summary>[rows, YStride] Output: h of every step, 0 on padding.</summary>
    public Buffer<E> Y;
    /// <summary>[slots, R] Initial h; empty for zero.</summary>
    public Buffer<E> H0;
    /// <summary>[slots, U] c before step Begin; empty for zero.</summary>
    public Buffer<E> C0;
    /// <summary>[slots, R] Final h; may be the same memory as the initial one.</summary>
    public Buffer<E> Hn;
    /// <summary>[slots, U] Final c; may be the same memory as the initial one.</summary>
    public Buffer<E> Cn;
    /// <summary>[gate rows, U] c of every step, saved in training by cells that have one.</summary>
    public Buffer<E> Cs;

    /// <summary>[rows, YStride] Upstream gradient of y; never read on padding.</summary>
    public Buffer<E> Dy;
    /// <summary>[slots, R] Gradient of the final h in, of the initial h out.</summary>
    public Buffer<E> Dh;
    /// <summary>[slots, U] Gradient of the final c in, of the initial c out.</summary>
    public Buffer<E> Dc;
    /// <summary>[rows, XStride] Gradient of x; 0 on padding.</summary>
    public Buffer<E> Dx;
    /// <summary>The workers' scratch memory, ScratchStride elements each.</summary>
    public Buffer<E> Scratch;
    /// <summary>Elements of scratch memory a worker.</summary>
    public int ScratchStride;

    /// <summary>The stages of a step; those that it does not have are empty.</summary>
    public StageArguments<E> First, Second, Third;

    /// <summary>All of it, field by field.</summary>
    public readonly void List<TList>(ref TList to) where TList : struct, IArgumentList
    {
        to.Add(T);
        to.Add(Longest);
        to.Add(Begin);
        to.Add(End);
        to.Add(B);
        to.Add(Inputs);
        to.Add(Units);
        to.Add(Outputs);
        to.Add(PanelStride);
        to.Add(RowStep);
        to.Add(XStride);
        to.Add(YStride);
        to.Add(Training);
        to.Add(Groups);
        to.Add(Chunk);
        to.Add(Projected);
        to.Add(Slices);
        to.Add(WantDx);
        to.Add(AddDx);
        to.Add(AddDw);
        to.Add(WantStates);
        to.Add(in Start);
        to.Add(in Slot);
        to.Add(in Length);
        to.Add(in Active);
        to.Add(in Offset);
        to.Add(in Row);
        to.Add(in RowBefore);
        to.Add(in Bounds);
        to.Add(in Barrier);
        to.Add(in X);
        to.Add(in Index);
        to.Add(in Y);
        to.Add(in H0);
        to.Add(in C0);
        to.Add(in Hn);
        to.Add(in Cn);
        to.Add(in Cs);
        to.Add(in Dy);
        to.Add(in Dh);
        to.Add(in Dc);
        to.Add(in Dx);
        to.Add(in Scratch);
        to.Add(ScratchStride);
        First.List(ref to);
        Second.List(ref to);
        Third.List(ref to);
    }
}

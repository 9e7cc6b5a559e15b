using GpuRnn.Devices;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>
/// The geometry of a batch of sequences on the device: which live at a step, where their rows are, who owns them. Sequences are sorted
/// by length, longest first, and keep their order among equals; the caller's arrays stay in the caller's order.
/// </summary>
sealed class Batch : IDisposable
{
    readonly Device device;
    readonly int maxSteps, maxSequences;
    readonly bool batchFirst;
    readonly DeviceArray<int> memory;
    readonly int[] host;
    readonly long[] order;
    // by layer, which of the ways of sharing rows is its own: those that want the same have one
    readonly int[] shared;
    int nextPlace;

    // parts of the integer array, in this order
    readonly int startAt, reverseAt, slotAt, lengthAt, activeAt, offsetAt, sharedAt;

    /// <summary>T and B, at most.</summary>
    public int MaxSteps => maxSteps;
    public int MaxSequences => maxSequences;
    public bool BatchFirst => batchFirst;

    /// <summary>A number for a dropout over this batch that no other one of the model has.</summary>
    public int TakePlace() => nextPlace++;

    /// <summary>sharings: how many layers may each want rows in a way of its own.</summary>
    public Batch(Device device, int maxSteps, int maxSequences, int sharings, bool batchFirst, int firstPlace)
    {
        nextPlace = firstPlace;
        this.device = device;
        (this.maxSteps, this.maxSequences, this.batchFirst) = (maxSteps, maxSequences, batchFirst);
        startAt = 0;
        reverseAt = maxSequences;
        slotAt = 2 * maxSequences;
        lengthAt = 3 * maxSequences;
        activeAt = 4 * maxSequences;
        offsetAt = activeAt + maxSteps + 1;
        sharedAt = offsetAt + maxSteps + 1;
        shared = new int[sharings];
        host = new int[sharedAt + sharings * SharedLength];
        order = new long[maxSequences];
        memory = new(device, host.Length);
    }

    /// <summary>Counts batches: who lists rows does so again when it has moved.</summary>
    public long Version { get; private set; }
    /// <summary>Steps of the caller's arrays.</summary>
    public int Steps { get; private set; }
    public int Sequences { get; private set; }
    /// <summary>Steps of the longest sequence.</summary>
    public int Longest { get; private set; }
    /// <summary>The sum of all lengths.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// A way of sharing rows: first gate rows of steps in inference, and the first sequence of each worker that owns some.
    /// </summary>
    int SharedLength => maxSteps + 1 + maxSequences + 1;

    /// <summary>
    /// Sets lengths; slots: the row of each sequence in state arrays, or empty for its
    /// number; sharings: how layers want the rows; segment: steps whose gate rows are kept in training.
    /// </summary>
    public void Set(int steps, ReadOnlySpan<int> lengths, ReadOnlySpan<int> slots, ReadOnlySpan<RowSharing> sharings, int segment)
    {
        (Steps, Sequences, Rows) = (steps, lengths.Length, 0);
        Version++;
        for (int b = 0; b < Sequences; b++) order[b] = (long)(int.MaxValue - lengths[b]) << 32 | (uint)b;
        order.AsSpan(0, Sequences).Sort();
        Longest = Sequences == 0 ? 0 : int.MaxValue - (int)(order[0] >> 32);
        Span<int> active = host.AsSpan(activeAt, maxSteps + 1), offset = host.AsSpan(offsetAt, maxSteps + 1);
        active.Clear();
        for (int r = 0; r < Sequences; r++)
        {
            int b = (int)(order[r] & uint.MaxValue), length = lengths[b];
            host[startAt + r] = RowOf(b, 0);
            host[reverseAt + r] = RowOf(b, length - 1); // of an empty sequence no row is read, and padding counts from here
            host[slotAt + r] = slots.Length == 0 ? b : slots[b];
            host[lengthAt + r] = length;
            Rows += length;
            if (length > 0) active[length - 1]++; // ends there; summed up below
        }
        for (int step = Longest - 2; step >= 0; step--) active[step] += active[step + 1];
        offset[..(Steps + 1)].Clear();
        for (int step = 1; step < Longest; step++) offset[step] = step % segment == 0 ? 0 : offset[step - 1] + active[step - 1];
        int used = ShareRows(sharings);
        device.Upload<int>(host.AsSpan(0, sharedAt + used * SharedLength), memory.View);
    }

    /// <summary>Rows of state arrays are the sequences' own numbers again, not those of a store.</summary>
    public void UseOwnSlots()
    {
        for (int r = 0; r < Sequences; r++) host[slotAt + r] = (int)(order[r] & uint.MaxValue);
        device.Upload<int>(host.AsSpan(slotAt, Sequences), memory.View.SubView(slotAt, Sequences));
    }

    /// <summary>Throws if an index of a living step is not within the vocabulary.</summary>
    public void CheckIndices(ReadOnlySpan<int> indices, int size)
    {
        for (int r = 0; r < Sequences; r++)
        {
            int length = host[lengthAt + r], row = host[startAt + r];
            for (int step = 0; step < length; step++, row += batchFirst ? 1 : Sequences)
                if ((uint)indices[row] >= (uint)size)
                    throw new BadArgumentException(
                        $"Index {indices[row]} at step {step} of sequence {(int)(order[r] & uint.MaxValue)} is not from 0 to {size - 1}.");
        }
    }

    /// <summary>Rows of the caller's arrays: all living steps in gate order, or the sequences' last ones. Returns how many.</summary>
    public int ListRows(int[] rows, bool lastOnly)
    {
        int n = 0, stride = batchFirst ? 1 : Sequences;
        if (lastOnly)
        {
            for (int r = 0; r < Sequences; r++)
                if (host[lengthAt + r] > 0) rows[n++] = host[startAt + r] + (host[lengthAt + r] - 1) * stride;
            return n;
        }
        for (int step = 0; step < Longest; step++)
            for (int r = 0; r < host[activeAt + step]; r++) rows[n++] = host[startAt + r] + step * stride;
        return n;
    }

    /// <summary>Lengths by sequence.</summary>
    public void GetLengths(Span<int> lengths)
    {
        for (int r = 0; r < Sequences; r++) lengths[(int)(order[r] & uint.MaxValue)] = host[lengthAt + r];
    }

    public int SequenceOf(int row) => batchFirst ? row / Steps : row % Sequences;

    public int RowOf(int sequence, int step) => batchFirst ? sequence * Steps + step : step * Sequences + sequence;

    /// <summary>Equal wishes are met once. Returns how many there are.</summary>
    int ShareRows(ReadOnlySpan<RowSharing> sharings)
    {
        int used = 0;
        for (int i = 0; i < sharings.Length; i++)
        {
            int same = sharings[..i].IndexOf(sharings[i]);
            shared[i] = same < 0 ? used++ : shared[same];
            if (same >= 0) continue;
            Span<int> place = host.AsSpan(sharedAt + shared[i] * SharedLength, SharedLength);
            for (int step = 0; step <= Steps; step++) place[step] = step % sharings[i].Kept * Sequences;
            Share(sharings[i].Owners, place[(maxSteps + 1)..]);
        }
        return used;
    }

    /// <summary>Neighbouring sequences to each worker, so that the workers' steps are as equal as they can be.</summary>
    void Share(int workers, Span<int> bounds)
    {
        int r = 0;
        long done = 0;
        bounds[0] = 0;
        for (int worker = 1; worker < workers; worker++)
        {
            long goal = (long)Rows * worker / workers;
            for (; r < Sequences && done + host[lengthAt + r] / 2 < goal; r++) done += host[lengthAt + r];
            if (Rows == 0) r = Part.Share(Sequences, worker, workers);
            bounds[worker] = r;
        }
        bounds[workers] = Sequences;
    }

    /// <summary>The geometry's part of a layer's arguments; sharing: the number of its wish.</summary>
    public void Fill<E>(ref SequenceArguments<E> a, bool reverse, bool training, int sharing) where E : unmanaged, IFloatingPointIeee754<E>
    {
        int sharedWay = sharedAt + shared[sharing] * SharedLength;
        (a.T, a.Longest, a.B) = (Steps, Longest, Sequences);
        a.RowStep = (batchFirst ? 1 : Sequences) * (reverse ? -1 : 1);
        a.Start = View(reverse ? reverseAt : startAt, Sequences);
        a.Slot = View(slotAt, Sequences);
        a.Length = View(lengthAt, Sequences);
        a.Active = View(activeAt, Steps + 1);
        a.Offset = View(training ? offsetAt : sharedWay, Steps + 1);
        a.Bounds = View(sharedWay + maxSteps + 1, maxSequences + 1);
    }

    Buffer<int> View(int at, int length) => device.Buffer(memory.View.SubView(at, length));

    public void Dispose() => memory.Dispose();
}

using GpuRnn.Memory;
using ILGPU;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

public sealed partial class Pass<E>
{
    bool hasInitial;

    long StateLength => (long)network.Options.Layers * network.DirectionCount * Sequences * network.HiddenSize;

    /// <summary>Sequences start from zero states; so they do after planning.</summary>
    public void ClearInitialStates() => hasInitial = false;

    /// <summary>Sequences start from these states.</summary>
    /// <param name="h0">[layers * directions, B, H].</param>
    /// <param name="c0">The same for c; empty for cells that have none, or for zero.</param>
    public void SetInitialStates(ReadOnlySpan<E> h0, ReadOnlySpan<E> c0 = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        CheckExact(h0.Length, StateLength, "h0");
        if (!network.HasC && c0.Length > 0) throw new GpuRnnException($"The cell {network.Cell} has no c; leave c0 out.");
        if (c0.Length > 0) CheckExact(c0.Length, StateLength, "c0");
        Device.Upload(h0, memory.H0);
        if (network.HasC && c0.Length > 0) Device.Upload(c0, memory.C0);
        else if (network.HasC) memory.C0.MemSetToZero(Device.Stream);
        hasInitial = true;
    }

    /// <summary>Sequences start from where the last batch ended (truncated backpropagation through time).</summary>
    public void CarryStates()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        memory.H0.SubView(0, StateLength).CopyFrom(Device.Stream, memory.Hn.SubView(0, StateLength));
        if (network.HasC) memory.C0.SubView(0, StateLength).CopyFrom(Device.Stream, memory.Cn.SubView(0, StateLength));
        hasInitial = true;
    }

    /// <summary>Copies the final states out.</summary>
    /// <param name="hn">[layers * directions, B, H].</param>
    /// <param name="cn">The same for c, or empty.</param>
    public void GetFinalStates(Span<E> hn, Span<E> cn = default)
    {
        ThrowIfNotRun();
        CheckExact(hn.Length, StateLength, "hn");
        if (cn.Length > 0) CheckExact(cn.Length, network.HasC ? StateLength : 0, "cn");
        Device.Download(memory.Hn, hn);
        Device.Download(memory.Cn, cn);
    }

    void States(LayerPass<E> pass, int at)
    {
        long length = (long)Sequences * network.HiddenSize;
        ArrayView<E> Of(ArrayView<E> all) => all.Length == 0 ? default : all.SubView(at * length, length);
        pass.States(hasInitial ? Of(memory.H0) : default, hasInitial ? Of(memory.C0) : default, Of(memory.Hn), Of(memory.Cn));
    }

    static void CheckExact(long length, long expected, string what)
    {
        if (length != expected) throw new GpuRnnException($"{what} has {length} elements; the batch needs {expected}.");
    }

    void ThrowIfNotRun()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ran) throw new InvalidOperationException("The forward pass has not been run on this batch.");
    }
}

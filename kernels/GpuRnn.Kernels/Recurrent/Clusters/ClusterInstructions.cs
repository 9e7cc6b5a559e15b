using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// What blocks of a cluster say to each other: instructions of compute capability 9.0 (PTX ISA, "Asynchronous Barrier", "st.async",
/// "barrier.cluster"), for which C# has no words. Addresses are 32-bit ones of shared memory.
/// </summary>
static class ClusterInstructions
{
    /// <summary>This block's number in its cluster.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rank()
    {
        CudaAsm.Emit("mov.u32 %0, %%cluster_ctarank;", out int rank);
        return rank;
    }

    /// <summary>Where the launch's shared memory begins; the kernel must use it by its view too, or its name is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Shared()
    {
        CudaAsm.Emit("mov.u32 %0, __dyn_shared_alloca;", out uint address);
        return address;
    }

    /// <summary>The same place in the shared memory of another block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint address, int rank)
    {
        CudaAsm.Emit("mapa.shared::cluster.u32 %0, %1, %2;", out uint there, address, rank);
        return there;
    }

    /// <summary>An mbarrier whose phase ends with one arrival and all bytes that were announced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Make(uint barrier) => CudaAsm.Emit("mbarrier.init.shared.b64 [%0], 1;", barrier);

    /// <summary>The arrival of a phase, and the bytes that it waits for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expect(uint barrier, int bytes) =>
        CudaAsm.Emit("mbarrier.arrive.expect_tx.shared.b64 _, [%0], %1;", barrier, bytes);

    /// <summary>
    /// Waits for the end of a phase of this parity, and sees what its messages brought. Gives up after two seconds, of which a look takes
    /// at most a tenth, so that a time in which the whole GPU was away counts little: then the word whose address stands at `report`
    /// becomes what stands behind it, or'ed with the step.
    /// </summary>
    /// <returns>1 if it gave up.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Await(uint barrier, int parity, uint report, int step)
    {
        CudaAsm.Emit(
            "{ .reg .pred over; .reg .b64 waited; .reg .b64 last; .reg .b64 now; mov.u32 %0, 0; "
            + "mbarrier.try_wait.parity.acquire.cluster.shared.b64 over, [%1], %2; @over bra done; "
            + "mov.u64 waited, 0; mov.u64 last, %%globaltimer; "
            + "again: mbarrier.try_wait.parity.acquire.cluster.shared.b64 over, [%1], %2; @over bra done; "
            + "mov.u64 now, %%globaltimer; sub.u64 last, now, last; min.u64 last, last, 100000000; add.u64 waited, waited, last; "
            + "mov.u64 last, now; setp.lt.u64 over, waited, 2000000000; @over bra again; mov.u32 %0, 1; "
            + "ld.shared.u64 last, [%3]; ld.shared.u64 now, [%3+8]; cvt.u64.u32 waited, %4; or.b64 now, now, waited; "
            + "st.relaxed.sys.global.u64 [last], now; done: }",
            out int lost, barrier, parity, report, step);
        return lost;
    }

    /// <summary>16 bytes to another block, which its mbarrier counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Send(uint to, float a, float b, float c, float d, uint barrier) => CudaAsm.Emit(
        "st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.b32 [%0], {%1, %2, %3, %4}, [%5];",
        to, Interop.FloatAsInt(a), Interop.FloatAsInt(b), Interop.FloatAsInt(c), Interop.FloatAsInt(d), barrier);

    /// <summary>All threads of the cluster meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Meet()
    {
        CudaAsm.Emit("barrier.cluster.arrive.release;");
        CudaAsm.Emit("barrier.cluster.wait.acquire;");
    }
}

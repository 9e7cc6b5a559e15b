using ILGPU;

namespace GpuRnn.Kernels.Recurrent.Clusters;

/// <summary>
/// Messages of 16 bytes between the blocks of a cluster: every step each block is sent as many, to one of two memories in turn, and an
/// mbarrier of that memory counts them. What a block sends for step t + 2 it must not send before it has all of step t + 1, which others
/// send only behind their reading of step t.
/// </summary>
/// <param name="place">Where this thread stands.</param>
/// <param name="bytes">That a block is sent in a step.</param>
/// <param name="first">Bytes of shared memory before the first memory.</param>
readonly struct ClusterMessages(ClusterPlace place, int bytes, int first)
{
    readonly ClusterPlace place = place;
    readonly int bytes = bytes, first = first / 16;
    readonly uint shared = ClusterInstructions.Shared();

    /// <summary>The quad at which the memory of a step begins.</summary>
    public int At(int step) => first + (step & 1) * (bytes / 16);

    /// <summary>Where in shared memory it stands what is written when waiting is given up, and where to.</summary>
    const int Report = 16;

    /// <summary>mbarriers of both memories are made ready; behind it all blocks see what each did before.</summary>
    /// <param name="fault">The address of the <see cref="ClusterFault"/> that a wait leaves which is given up.</param>
    /// <param name="direction">Where the steps go.</param>
    public void Begin(long fault, int direction)
    {
        if (place.Thread == 0)
        {
            ArrayView<long> report = SharedMemory.GetDynamic<long>();
            report[Report / 8] = fault;
            report[Report / 8 + 1] = ClusterFault.Word(direction, Grid.IdxX);
            ClusterInstructions.Make(shared);
            ClusterInstructions.Make(shared + 8);
            ClusterInstructions.Expect(shared, bytes);
            ClusterInstructions.Expect(shared + 8, bytes);
        }
        ClusterInstructions.Meet();
    }

    /// <summary>Nobody leaves while messages may be on their way.</summary>
    public static void End() => ClusterInstructions.Meet();

    /// <summary>Waits for all of a step, from 1 on: what step 0 begins with nobody sends.</summary>
    /// <param name="step">The step.</param>
    /// <param name="lost">1 if waiting was given up before: then nothing is waited for, and nothing is to be sent.</param>
    /// <returns>1 if it was given up, now or before.</returns>
    public int Await(int step, int lost)
    {
        uint barrier = shared + (uint)(step & 1) * 8;
        if (lost == 0) lost = ClusterInstructions.Await(barrier, step - 1 >> 1 & 1, shared + Report, step);
        if (place.Thread == 0 & lost == 0) ClusterInstructions.Expect(barrier, bytes); // of the step after the next
        return lost;
    }

    /// <summary>A quad of a step to a block.</summary>
    public void Send(int to, int step, int quad, float a, float b, float c, float d) => ClusterInstructions.Send(
        ClusterInstructions.Of(shared + (uint)quad * 16, to), a, b, c, d, ClusterInstructions.Of(shared + (uint)(step & 1) * 8, to));
}

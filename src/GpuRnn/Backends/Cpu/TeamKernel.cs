using GpuRnn.Devices;

namespace GpuRnn.Backends.Cpu;

/// <summary>A kernel that a team runs as the .NET method that it is.</summary>
/// <param name="team">The team.</param>
/// <param name="method">The kernel.</param>
sealed class TeamKernel<A>(Team team, Action<A> method) : DeviceKernel<A>, ITeamWork where A : struct
{
    A arguments;

    protected override void Start(KernelConfig config, in A a)
    {
        int workers = config.GroupDim.X;
        if (workers == 1)
        {
            Team.Alone(method, a);
            return;
        }
        using (team.Enter())
        {
            arguments = a;
            team.Run(this, workers);
        }
    }

    void ITeamWork.Run() => method(arguments);
}

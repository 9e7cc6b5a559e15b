using System.Numerics;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Checking;

/// <summary>What a pass is given; what is null is zero, or full lengths.</summary>
sealed record Problem<E>(int Steps, int Sequences) where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
{
    public E[] X { get; init; } = [];
    public int[]? Indices { get; init; }
    public int[]? Lengths { get; init; }
    public E[]? H0 { get; init; }
    public E[]? C0 { get; init; }
    public E[]? Dy { get; init; }
    public E[]? Dhn { get; init; }
    public E[]? Dcn { get; init; }
}

/// <summary>A problem through the engine; tensors under the names of conformance cases.</summary>
static class EngineRun
{
    /// <summary>Forward and backward in training: everything there is.</summary>
    public static Dictionary<string, E[]> Train<E>(Recurrent<E> network, PassOptions options, Problem<E> problem)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        using Pass<E> pass = network.Plan(problem.Steps, problem.Sequences, options with { Training = true });
        Dictionary<string, E[]> made = Forward(network, pass, problem);
        pass.Backward(problem.Dy ?? new E[made["output"].Length], problem.Dhn, problem.Dcn);
        E[] dh0 = new E[made["hn"].Length], dc0 = new E[network.HasC ? dh0.Length : 0];
        pass.GetInitialStateGradients(dh0, dc0);
        made["grad_h0"] = dh0;
        if (network.HasC) made["grad_c0"] = dc0;
        if (problem.Indices is null)
        {
            E[] dx = new E[problem.X.Length];
            pass.GetInputGradient(dx);
            made["grad_input"] = dx;
        }
        foreach (Parameter p in network.Parameters.All) made[$"grad_param.{p.Name}"] = network.Parameters.GetGradient(p.Name);
        return made;
    }

    /// <summary>Forward as in inference, which saves nothing and is code of its own.</summary>
    public static Dictionary<string, E[]> Infer<E>(Recurrent<E> network, PassOptions options, Problem<E> problem)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        using Pass<E> pass = network.Plan(problem.Steps, problem.Sequences, options with { Training = false });
        return Forward(network, pass, problem);
    }

    static Dictionary<string, E[]> Forward<E>(Recurrent<E> network, Pass<E> pass, Problem<E> problem)
        where E : unmanaged, IFloatingPointIeee754<E>, INumberBase<E>
    {
        if (problem.Lengths is not null) pass.SetLengths(problem.Steps, problem.Lengths);
        int states = network.Options.Layers * network.DirectionCount * problem.Sequences * network.HiddenSize;
        if (problem.H0 is not null || problem.C0 is not null) pass.SetInitialStates(problem.H0 ?? new E[states], problem.C0);
        E[] y = new E[problem.Steps * problem.Sequences * network.OutputSize], hn = new E[states], cn = new E[network.HasC ? states : 0];
        if (problem.Indices is null) pass.Forward(problem.X, y);
        else pass.Forward(problem.Indices, y);
        pass.GetFinalStates(hn, cn);
        Dictionary<string, E[]> made = new() { ["output"] = y, ["hn"] = hn };
        if (network.HasC) made["cn"] = cn;
        return made;
    }
}

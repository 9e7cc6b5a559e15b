using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;

namespace GpuRnn.Backends.Cpu;

/// <summary>The kernels of a way of running a layer on the CPU; the backward pass reads dense input as it is.</summary>
sealed class CpuKernels<E> where E : unmanaged, IFloatingPointIeee754<E>
{
    public CpuKernels(CpuLayer<E> layer, string forward, Type input, Type strategy)
    {
        Type worker = typeof(CpuWorker);
        Type[] stages = layer.Stages(input == typeof(ProjectedInput) ? typeof(DenseInput) : input);
        Type tile = TileTypes.List(typeof(E), worker, stages), forwardTile = TileTypes.List(typeof(E), worker, layer.Stages(input));
        Pack = new CpuKernel<E>(layer.Device, nameof(SequenceKernels.Pack), worker, tile);
        Forward = new CpuKernel<E>(layer.Device, forward, worker, forwardTile, strategy);
        Backward = new CpuKernel<E>(layer.Device, nameof(SequenceKernels.BackwardWhole), worker, tile, stages[0], strategy);
    }

    public Kernel<E> Pack { get; }
    public Kernel<E> Forward { get; }
    public Kernel<E> Backward { get; }
}

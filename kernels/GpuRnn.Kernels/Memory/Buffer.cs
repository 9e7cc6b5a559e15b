using ILGPU;

namespace GpuRnn.Kernels.Memory;

/// <summary>
/// Device memory as kernels get it: a view, and on the CPU accelerator its address beside it, for a view's own index arithmetic and
/// checks cost more there than many an equation.
/// </summary>
/// <typeparam name="T">Its elements.</typeparam>
/// <param name="view">The view.</param>
/// <param name="address">The address of its first element on the CPU accelerator; 0 elsewhere and for empty views.</param>
readonly struct Buffer<T>(ArrayView<T> view, long address) where T : unmanaged
{
    /// <summary>The view.</summary>
    public readonly ArrayView<T> View = view;
    /// <summary>The address of its first element on the CPU accelerator; 0 elsewhere and for empty views.</summary>
    public readonly long Address = address;

    /// <summary>Elements; 0 for what is not there.</summary>
    public long Length => View.Length;

    /// <summary>The same memory as other elements.</summary>
    public Buffer<TOther> As<TOther>() where TOther : unmanaged => new(View.Cast<TOther>(), Address);

    /// <summary>An element.</summary>
    public ref T this[int index] => ref View[index];
}

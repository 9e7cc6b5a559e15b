using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Its name, as frameworks have it.</param>
/// <param name="Shape">Its shape, row-major.</param>
/// <param name="Offset">Where it starts among all parameters, in elements.</param>
public sealed record Parameter(string Name, IReadOnlyList<int> Shape, long Offset)
{
    /// <summary>Elements.</summary>
    public long Length { get; } = Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>
/// All parameters of a model side by side in one device array, and their gradients in another, so that norms, clipping and update
/// steps are one launch each. Layers declare theirs first; the memory is made when it is first needed.
/// </summary>
/// <typeparam name="E">float or double.</typeparam>
public sealed class Parameters<E> : IDisposable where E : unmanaged
{
    readonly List<Parameter> all = [];
    DeviceArray<E>? values, gradients;
    bool disposed;

    /// <summary>Who is inside a call.</summary>
    internal Usage Usage { get; } = new();

    /// <summary>No parameters yet.</summary>
    /// <param name="device">Where they live.</param>
    public Parameters(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (typeof(E) != typeof(float) && typeof(E) != typeof(double))
            throw new GpuRnnException($"Parameters of {typeof(E)}: the engine computes in float or double.");
        Device = device;
    }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    /// <summary>The tensors, in the order in which they were declared.</summary>
    public IReadOnlyList<Parameter> All => all;

    /// <summary>Elements of all tensors together.</summary>
    public long Length => all.Count == 0 ? 0 : all[^1].Offset + all[^1].Length;

    /// <summary>All values on the device. Call <see cref="Changed"/> after writing to them.</summary>
    public ArrayView<E> Values => Memory(ref values);

    /// <summary>All gradients on the device.</summary>
    public ArrayView<E> Gradients => Memory(ref gradients);

    /// <summary>Counts changes: layers pack their weights again when it has moved.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Says that values have changed.</summary>
    public void Changed() => Version++;

    ArrayView<E> Memory(ref DeviceArray<E>? array)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return (array ??= new DeviceArray<E>(Device, Length)).View;
    }

    /// <summary>Declares a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="GpuRnnException">The name is taken, or the memory has been made already.</exception>
    public Parameter Declare(string name, params int[] shape)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (values is not null || gradients is not null)
            throw new GpuRnnException($"'{name}' is declared too late: all layers of a model come before its first use.");
        if (all.Any(p => p.Name == name)) throw new GpuRnnException($"There are two parameters '{name}'. Give one layer a prefix.");
        Parameter parameter = new(name, shape, Length);
        all.Add(parameter);
        return parameter;
    }

    /// <summary>The values of a tensor on the device.</summary>
    public ArrayView<E> ValueOf(Parameter parameter) => Values.SubView(parameter.Offset, parameter.Length);

    /// <summary>The gradient of a tensor on the device.</summary>
    public ArrayView<E> GradientOf(Parameter parameter) => Gradients.SubView(parameter.Offset, parameter.Length);

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="GpuRnnException">There is none.</exception>
    public Parameter this[string name] => all.Find(p => p.Name == name)
        ?? throw new GpuRnnException($"There is no parameter '{name}'. There is: {string.Join(", ", all.Select(p => p.Name))}.");

    /// <summary>Writes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its elements, row-major.</param>
    public void Set(string name, ReadOnlySpan<E> data)
    {
        using Usage.Scope scope = Usage.Enter();
        Parameter parameter = this[name];
        if (data.Length != parameter.Length)
            throw new GpuRnnException($"'{name}' has {parameter.Length} elements ({string.Join(" x ", parameter.Shape)}), not {data.Length}.");
        Device.Upload(data, ValueOf(parameter));
        Changed();
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Its name.</param>
    public E[] Get(string name) => Read(ValueOf(this[name]));

    /// <summary>Reads the gradient of a tensor.</summary>
    /// <param name="name">Its name.</param>
    public E[] GetGradient(string name) => Read(GradientOf(this[name]));

    E[] Read(ArrayView<E> view)
    {
        using Usage.Scope scope = Usage.Enter();
        E[] data = new E[view.Length];
        Device.Download(view, data);
        return data;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        disposed = true;
        values?.Dispose();
        gradients?.Dispose();
    }
}

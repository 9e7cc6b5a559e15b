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
public sealed class Parameters<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Numbers that an array of .NET, and so a copy on the host, can have.</summary>
    const long Most = int.MaxValue - (1 << 16);

    readonly List<Parameter> all = [];
    readonly List<string> parts = [];
    DeviceArray<E>? values, gradients;
    int places, networks;

    /// <summary>Who is inside a call.</summary>
    internal Usage Usage { get; }
    internal Guard Guard { get; }

    /// <summary>No parameters yet.</summary>
    /// <param name="device">Where they live.</param>
    public Parameters(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (typeof(E) != typeof(float) && typeof(E) != typeof(double))
            throw new BadArgumentException($"Parameters of {typeof(E)}: the engine computes in float or double.");
        device.ThrowIfDisposed();
        Device = device;
        Usage = new(device);
        Guard = new(this, Usage);
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
    public void Changed()
    {
        using Guard.Scope scope = Guard.Enter();
        Version++;
    }

    /// <summary>
    /// What the model computes that names and shapes do not show, part by part: cells, directions, activations. Files carry it, for
    /// weights of another cell may fit to the last number.
    /// </summary>
    internal IReadOnlyList<string> Parts => parts;

    /// <summary>The tensors by name and shape.</summary>
    internal IReadOnlyList<string> Shapes => [.. all.Select(p => $"{p.Name} [{string.Join(", ", p.Shape)}]")];

    /// <summary>A part says what it is.</summary>
    internal void Describe(string part) => parts.Add(part);

    /// <summary>Places of dropouts between a network's layers: numbers that no other part of the model has.</summary>
    internal int TakePlaces(int count)
    {
        places += count;
        return places - count;
    }

    /// <summary>Numbers the recurrent networks of the model.</summary>
    internal int TakeNumber() => networks++;

    /// <summary>A part begins to declare its tensors, all of them or none.</summary>
    /// <param name="free">Frees what the part holds by then.</param>
    internal Draft Begin(Action? free = null)
    {
        (int tensors, int said, int taken, int numbers) = (all.Count, parts.Count, places, networks);
        return new(() =>
        {
            all.RemoveRange(tensors, all.Count - tensors);
            parts.RemoveRange(said, parts.Count - said);
            (places, networks) = (taken, numbers);
            free?.Invoke();
        });
    }

    ArrayView<E> Memory(ref DeviceArray<E>? array)
    {
        using Guard.Scope scope = Guard.Enter();
        return (array ??= new DeviceArray<E>(Device, Length)).View;
    }

    /// <summary>Declares a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="BadArgumentException">The name is taken, a size is below 1, all are too many, or the memory has been made
    /// already.</exception>
    public Parameter Declare(string name, params int[] shape)
    {
        using Guard.Scope scope = Guard.Enter();
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (values is not null || gradients is not null)
            throw new BadArgumentException($"'{name}' is declared too late: all layers of a model come before its first use.");
        if (all.Any(p => p.Name == name)) throw new BadArgumentException($"There are two parameters '{name}'. Give one layer a prefix.");
        double length = shape.Aggregate(1.0, (a, b) => a * b);
        if (shape.Any(d => d < 1) || length + Length > Most)
            throw new BadArgumentException(
                $"A parameter '{name}' of {string.Join(" x ", shape)} cannot be: sizes are at least 1, "
                + $"and a model has at most {Most} numbers.");
        Parameter parameter = new(name, [.. shape], Length);
        all.Add(parameter);
        return parameter;
    }

    /// <summary>The values of a tensor on the device.</summary>
    /// <exception cref="BadArgumentException">The tensor was not declared here.</exception>
    public ArrayView<E> ValueOf(Parameter parameter) => Values.SubView(Own(parameter).Offset, parameter.Length);

    /// <summary>The gradient of a tensor on the device.</summary>
    /// <exception cref="BadArgumentException">The tensor was not declared here.</exception>
    public ArrayView<E> GradientOf(Parameter parameter) => Gradients.SubView(Own(parameter).Offset, parameter.Length);

    Parameter Own(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return all.Contains(parameter) ? parameter : throw new BadArgumentException(
            $"The parameter '{parameter.Name}' was not declared in these Parameters: take theirs, which their names give.");
    }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="BadArgumentException">There is none.</exception>
    public Parameter this[string name] => all.Find(p => p.Name == name)
        ?? throw new BadArgumentException($"There is no parameter '{name}'. There is: {string.Join(", ", all.Select(p => p.Name))}.");

    /// <summary>Writes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">Its elements, row-major.</param>
    public void Set(string name, ReadOnlySpan<E> data)
    {
        using Guard.Scope scope = Guard.Enter();
        Parameter parameter = this[name];
        if (data.Length != parameter.Length)
            throw new BadArgumentException(
                $"'{name}' has {parameter.Length} elements ({string.Join(" x ", parameter.Shape)}), not {data.Length}.");
        Device.Upload(data, ValueOf(parameter));
        Changed();
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">Its name.</param>
    public E[] Get(string name)
    {
        using Guard.Scope scope = Guard.Enter();
        return Read(ValueOf(this[name]));
    }

    /// <summary>Reads the gradient of a tensor.</summary>
    /// <param name="name">Its name.</param>
    public E[] GetGradient(string name)
    {
        using Guard.Scope scope = Guard.Enter();
        return Read(GradientOf(this[name]));
    }

    /// <summary>All weights side by side, in the order of <see cref="All"/>.</summary>
    public E[] GetAll()
    {
        using Guard.Scope scope = Guard.Enter();
        return Read(Values);
    }

    /// <summary>Writes all weights.</summary>
    /// <param name="all">As <see cref="GetAll"/> gives them.</param>
    /// <exception cref="BadArgumentException">There are too many or too few; nothing was written.</exception>
    public void SetAll(ReadOnlySpan<E> all)
    {
        using Guard.Scope scope = Guard.Enter();
        if (all.Length != Length) throw new BadArgumentException($"There are {all.Length} weights; the model has {Length}.");
        Device.Upload(all, Values);
        Changed();
    }

    E[] Read(ArrayView<E> view)
    {
        E[] data = new E[view.Length];
        Device.Download(view, data);
        return data;
    }

    /// <summary>Frees the memory.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => Guard.Close(() =>
    {
        values?.Dispose();
        gradients?.Dispose();
    });
}

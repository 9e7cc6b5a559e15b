using GpuRnn.Devices;
using GpuRnn.Kernels.Dense;

namespace GpuRnn.Layers;

/// <summary>
/// A loss on a dense layer's outputs: a name, the generic type that holds its equations, and its own number if it has one. A new loss is
/// one file of equations and one line here: docs/adding-a-loss.md.
/// </summary>
public sealed record Loss
{
    Loss(string name, Type definition, double number = 0) => (Name, Definition, Number) = (name, definition, number);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its equations, open over the element and the lane, or over the lane alone.</summary>
    internal Type Definition { get; }

    internal double Number { get; }

    /// <summary>Are its targets values, rather than classes?</summary>
    internal bool TakesValues =>
        Over(typeof(float), Backends.Backend.Number(typeof(float))).GetProperty(nameof(ILoss.Target))!.GetValue(null) is TargetKind.Values;

    /// <summary>None: outputs are wanted.</summary>
    public static Loss None { get; } = new(nameof(None), typeof(NoLoss<>));

    /// <summary>-log softmax(y)[class], of classes; <see cref="DensePass{E}.LabelSmoothing"/> goes with it.</summary>
    public static Loss SoftmaxCrossEntropy { get; } = new(nameof(SoftmaxCrossEntropy), typeof(SoftmaxCrossEntropy<,>));

    /// <summary>Binary cross-entropy of sigmoid(y), summed over outputs; targets are values from 0 to 1.</summary>
    public static Loss BinaryCrossEntropy { get; } = new(nameof(BinaryCrossEntropy), typeof(BinaryCrossEntropy<,>));

    /// <summary>(y - t)^2, averaged over outputs.</summary>
    public static Loss MeanSquaredError { get; } = new(nameof(MeanSquaredError), typeof(SquaredError<>));

    /// <summary>|y - t|, averaged over outputs; its slope at 0 is 0.</summary>
    public static Loss MeanAbsoluteError { get; } = new(nameof(MeanAbsoluteError), typeof(AbsoluteError<>));

    /// <summary>
    /// e^2 / 2 where |e| is at most delta, delta (|e| - delta / 2) beyond, with e = y - t, averaged over outputs (Huber 1964): outliers
    /// pull no harder than delta.
    /// </summary>
    /// <param name="delta">Above 0.</param>
    /// <exception cref="BadArgumentException">Delta is not above 0, or infinite.</exception>
    public static Loss Huber(double delta = 1) => delta > 0 && double.IsFinite(delta) ? new(nameof(Huber), typeof(Huber<>), delta)
        : throw new BadArgumentException($"Huber's delta is {delta}; it must be above 0.");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Its equations over rows, closed over the element and its number.</summary>
    internal Type Over(Type element, Type number)
    {
        bool overElement = Definition.GetGenericArguments().Length == 2;
        Type closed = overElement ? Definition.MakeGenericType(element, number) : Definition.MakeGenericType(number);
        return closed.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IOutputLoss<>))
            ? typeof(SumOverOutputs<,,>).MakeGenericType(element, number, closed) : closed;
    }
}

namespace GpuRnn.Measuring.Results;

/// <summary>Who was measured.</summary>
/// <param name="Id">As files have it.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Hue">Which of the charts' colours it has in all plots.</param>
/// <param name="IsPeer">Does gpurnn race against it? Not where it is gpurnn, or computes something else.</param>
public sealed record Library(string Id, string Name, int Hue, bool IsPeer = true)
{
    public static Library Gpurnn { get; } = new("gpurnn", "gpurnn", 0, IsPeer: false);

    /// <summary>The same with weights in bfloat16.</summary>
    public static Library GpurnnBFloat16 { get; } = new("gpurnn_bfloat16", "gpurnn, bfloat16", 1, IsPeer: false);

    /// <summary>The same with weights in int8.</summary>
    public static Library GpurnnInt8 { get; } = new("gpurnn_int8", "gpurnn, int8", 3, IsPeer: false);

    public static Library OnnxRuntime { get; } = new("onnxruntime", "ONNX Runtime", 4);

    /// <summary>Its DynamicQuantizeLSTM: weights and inputs of products in 8 bits.</summary>
    public static Library OnnxRuntimeInt8 { get; } = new("onnxruntime_int8", "ONNX Runtime, int8", 5, IsPeer: false);

    public static Library Libtorch { get; } = new("libtorch", "libtorch", 2);
    public static Library LibtorchPacked { get; } = new("libtorch_packed", "libtorch, packed", 3);

    /// <summary>In the order of columns.</summary>
    public static IReadOnlyList<Library> All { get; } =
        [Gpurnn, GpurnnBFloat16, GpurnnInt8, OnnxRuntime, OnnxRuntimeInt8, Libtorch, LibtorchPacked];

    /// <summary>Those that took part in any of these rows.</summary>
    public static Library[] In(IEnumerable<PeerResult> rows) => [.. All.Where(library => rows.Any(row => row.Of(library) is not null))];
}

namespace GpuRnn.Measuring.Results;

/// <summary>Who was measured.</summary>
/// <param name="Id">As files have it.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Hue">Which of the charts' colours it has in all plots.</param>
public sealed record Library(string Id, string Name, int Hue)
{
    public static Library Gpurnn { get; } = new("gpurnn", "gpurnn", 0);
    public static Library OnnxRuntime { get; } = new("onnxruntime", "ONNX Runtime", 4);
    public static Library Libtorch { get; } = new("libtorch", "libtorch", 2);
    public static Library LibtorchPacked { get; } = new("libtorch_packed", "libtorch, packed", 3);

    /// <summary>In the order of columns.</summary>
    public static IReadOnlyList<Library> All { get; } = [Gpurnn, OnnxRuntime, Libtorch, LibtorchPacked];

    /// <summary>Those that took part in any of these rows.</summary>
    public static Library[] In(IEnumerable<PeerResult> rows) => [.. All.Where(library => rows.Any(row => row.Of(library) is not null))];
}

using GpuRnn.Layers;

namespace GpuRnn.Interop;

/// <summary>All parameters of a model in a safetensors file under their names; a crash while writing leaves the old file or the new one.</summary>
public static class ModelFile
{
    /// <summary>Writes all parameters.</summary>
    /// <typeparam name="E">float or double; the file holds F32 or F64.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="metadata">What else is to be known of the model.</param>
    public static void Save<E>(string path, Parameters<E> parameters, IReadOnlyDictionary<string, string>? metadata = null) where E : unmanaged
    {
        ArgumentNullException.ThrowIfNull(parameters);
        SafetensorsWriter.Write(path, metadata, parameters.All.Select(p =>
            (p.Name, (IReadOnlyList<long>)[.. p.Shape.Select(d => (long)d)], (Array)parameters.Get(p.Name))));
    }

    /// <summary>Reads all parameters; names and shapes must be those of the model, no more and no fewer.</summary>
    /// <typeparam name="E">float or double; F32 and F64 files are both read.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="GpuRnnException">The file is not there, lies, or is of another model.</exception>
    public static IReadOnlyDictionary<string, string> Load<E>(string path, Parameters<E> parameters) where E : unmanaged
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (Parameter p in parameters.All)
        {
            if (!file.Tensors.TryGetValue(p.Name, out TensorEntry? entry))
                throw new GpuRnnException($"'{path}' has no tensor '{p.Name}'; the model needs it. Is it the file of another model?");
            if (!entry.Shape.SequenceEqual(p.Shape.Select(d => (long)d)))
                throw new GpuRnnException($"'{path}': '{p.Name}' is {string.Join(" x ", entry.Shape)}, but the model's is {string.Join(" x ", p.Shape)}.");
        }
        if (file.Tensors.Count > parameters.All.Count)
            throw new GpuRnnException($"'{path}' has a tensor '{file.Tensors.Keys.Except(parameters.All.Select(p => p.Name)).First()}' that the model lacks. Is it the file of another model?");
        foreach (Parameter p in parameters.All)
        {
            if (typeof(E) == typeof(float)) parameters.Set(p.Name, (E[])(object)file.ReadSingle(p.Name));
            else parameters.Set(p.Name, (E[])(object)file.ReadDouble(p.Name));
        }
        return file.Metadata;
    }
}

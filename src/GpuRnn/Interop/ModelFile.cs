using GpuRnn.Layers;

namespace GpuRnn.Interop;

/// <summary>
/// All parameters of a model in a safetensors file under their names; a crash while writing leaves the old file or the new one. Cells,
/// directions and activations stand in the file's metadata, for names and shapes do not show them, and so does the version of the format:
/// files of 0.1.0 and of other programs, which have none, are read too.
/// </summary>
public static class ModelFile
{
    const string PartsKey = "model_parts";

    /// <summary>Writes all parameters, as they are at one moment.</summary>
    /// <typeparam name="E">float or double; the file holds F32 or F64.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="metadata">What else is to be known of the model.</param>
    /// <param name="progress">Told which share of the tensors is done.</param>
    /// <param name="cancel">Ends the writing; an old file is as it was.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the model.</exception>
    public static void Save<E>(string path, Parameters<E> parameters, IReadOnlyDictionary<string, string>? metadata = null,
        IProgress<double>? progress = null, CancellationToken cancel = default) where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<(string, IReadOnlyList<long>, Array)> tensors;
        using (parameters.Guard.Enter())
            tensors = [.. parameters.All.Select(
                p => (p.Name, (IReadOnlyList<long>)[.. p.Shape.Select(d => (long)d)], (Array)parameters.Get(p.Name)))];
        Dictionary<string, string> all = FileFormat.Stamped(metadata);
        all[PartsKey] = string.Join('\n', parameters.Parts);
        SafetensorsWriter.Write(path, all, tensors, progress, cancel);
    }

    /// <summary>
    /// Reads all parameters, or none: names and shapes must be those of the model, no more and no fewer, and so must cells and activations
    /// where the file says them.
    /// </summary>
    /// <typeparam name="E">float or double; F32 and F64 files are both read.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="progress">Told which share of the tensors is done.</param>
    /// <param name="cancel">Ends the reading; the model is as it was.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="BadFileException">The file is not there, lies, or is of another model or a later format; the parameters are as they
    /// were.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the model.</exception>
    public static IReadOnlyDictionary<string, string> Load<E>(string path, Parameters<E> parameters,
        IProgress<double>? progress = null, CancellationToken cancel = default) where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        FileFormat.Check(path, file);
        foreach (Parameter p in parameters.All)
        {
            if (!file.Tensors.TryGetValue(p.Name, out TensorEntry? entry))
                throw new BadFileException($"'{path}' has no tensor '{p.Name}'; the model needs it. Is it the file of another model?");
            if (!entry.Shape.SequenceEqual(p.Shape.Select(d => (long)d)))
                throw new BadFileException(
                    $"'{path}': '{p.Name}' is {string.Join(" x ", entry.Shape)}, but the model's is {string.Join(" x ", p.Shape)}.");
        }
        if (file.Tensors.Keys.Except(parameters.All.Select(p => p.Name)).FirstOrDefault() is { } extra)
            throw new BadFileException($"'{path}' has a tensor '{extra}' that the model lacks. Is it the file of another model?");
        if (file.Metadata.TryGetValue(PartsKey, out string? parts)) CheckSame(path, Lines(parts), parameters.Parts);
        E[][] read = new E[parameters.All.Count][];
        for (int i = 0; i < read.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            read[i] = file.Read<E>(parameters.All[i].Name);
            progress?.Report((i + 1.0) / read.Length);
        }
        using Guard.Scope scope = parameters.Guard.Enter();
        foreach ((Parameter p, E[] data) in parameters.All.Zip(read)) parameters.Set(p.Name, data);
        return file.Metadata;
    }

    /// <summary>What Join made one text of.</summary>
    internal static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

    /// <summary>Are a file's parts, or tensors, those of the model?</summary>
    /// <exception cref="BadFileException">They are not: the first that differs.</exception>
    internal static void CheckSame(string path, IReadOnlyList<string> file, IReadOnlyList<string> model)
    {
        for (int i = 0; i < Math.Max(file.Count, model.Count); i++)
        {
            string theirs = file.ElementAtOrDefault(i) ?? "nothing", ours = model.ElementAtOrDefault(i) ?? "nothing";
            if (theirs != ours) throw new BadFileException($"'{path}' is of another model: it has '{theirs}' where this one has '{ours}'.");
        }
    }
}

using System.Globalization;
using GpuRnn.Interop;
using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>An array that a run keeps beside weights and optimizer, such as carried states.</summary>
/// <typeparam name="E">float or double.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its numbers.</param>
public sealed record KeptArray<E>(string Name, E[] Data) where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Its name.</summary>
    public string Name { get; init => field = Limits.Given(value, nameof(Name)); } = Limits.Given(Name, nameof(Name));

    /// <summary>Its numbers.</summary>
    public E[] Data { get; init => field = Limits.Given(value, nameof(Data)); } = Limits.Given(Data, nameof(Data));
}

/// <summary>
/// All that a run needs to go on bit for bit, in one safetensors file: weights, the optimizer's arrays and steps, what the run itself
/// keeps, and what it says of itself. A crash while writing leaves the old file or the new one.
/// </summary>
public static class Checkpoint
{
    const string Weights = "weights", State = "optimizer.", Kept = "kept.";
    const string StepsKey = "optimizer_steps", KindKey = "optimizer_kind", PartsKey = "model_parts", ShapesKey = "model_tensors";

    /// <summary>Writes it: all of one moment.</summary>
    /// <typeparam name="E">float or double; the file holds F32 or F64.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The optimizer, with its parameters.</param>
    /// <param name="metadata">What the run says of itself.</param>
    /// <param name="kept">What else it keeps.</param>
    /// <param name="progress">Told which share of the arrays is done.</param>
    /// <param name="cancel">Ends the writing; an old file is as it was.</param>
    /// <exception cref="InvalidOperationException">Another thread uses the model.</exception>
    public static void Save<E>(string path, Optimizer<E> optimizer, IReadOnlyDictionary<string, string>? metadata = null,
        IEnumerable<KeptArray<E>>? kept = null, IProgress<double>? progress = null, CancellationToken cancel = default)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Dictionary<string, string> all = FileFormat.Stamped(metadata);
        (all[KindKey], all[PartsKey]) = (optimizer.Kind, string.Join('\n', optimizer.Parameters.Parts));
        all[ShapesKey] = string.Join('\n', optimizer.Parameters.Shapes);
        List<KeptArray<E>> arrays;
        using (optimizer.Guard.Enter())
        {
            all[StepsKey] = optimizer.Steps.ToString(CultureInfo.InvariantCulture);
            arrays =
            [
                new(Weights, optimizer.Parameters.GetAll()),
                .. optimizer.ReadStates().Select((s, i) => new KeptArray<E>($"{State}{i}", s)),
                .. (kept ?? []).Select(k => k with { Name = Kept + k.Name }),
            ];
        }
        SafetensorsWriter.Write(path, all, arrays.Select(a => (a.Name, (IReadOnlyList<long>)[a.Data.Length], (Array)a.Data)), progress,
            cancel);
    }

    /// <summary>The metadata of a file, to make the model by.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadFileException">The file is not there, lies, or is of a later format.</exception>
    public static IReadOnlyDictionary<string, string> Metadata(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        FileFormat.Check(path, file);
        return file.Metadata;
    }

    /// <summary>Goes on from a file.</summary>
    /// <typeparam name="E">float or double; F32 and F64 files are both read.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The optimizer, with its parameters, as they were made.</param>
    /// <param name="progress">Told which share of the arrays is done.</param>
    /// <param name="cancel">Ends the reading; model and optimizer are as they were.</param>
    /// <returns>What else was kept.</returns>
    /// <exception cref="BadFileException">The file is not there, lies, or is of another model, optimizer or a later format.</exception>
    public static IReadOnlyList<KeptArray<E>> Load<E>(string path, Optimizer<E> optimizer,
        IProgress<double>? progress = null, CancellationToken cancel = default) where E : unmanaged, IFloatingPointIeee754<E>
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        FileFormat.Check(path, file);
        if (!file.Tensors.ContainsKey(Weights)
            || !long.TryParse(file.Metadata.GetValueOrDefault(StepsKey), CultureInfo.InvariantCulture, out long steps)
            || steps < 0)
            throw new BadFileException(
                $"'{path}' is not a run's checkpoint: it has no weights, or does not say how many steps were taken.");
        int read = 0;
        E[] weights = Read(Weights);
        if (weights.Length != optimizer.Parameters.Length)
            throw new BadFileException($"'{path}' has {weights.Length} weights; the model has {optimizer.Parameters.Length}.");
        // others keep as many arrays, and mean something else by them
        if (file.Metadata.GetValueOrDefault(KindKey) is var kind && kind != optimizer.Kind)
            throw new BadFileException($"'{path}' is of the optimizer '{kind}', not of '{optimizer.Kind}'.");
        // as many weights in all say nothing: of another model they would be read as what they are not
        ModelFile.CheckSame(path, Listed(file, path, PartsKey), optimizer.Parameters.Parts);
        ModelFile.CheckSame(path, Listed(file, path, ShapesKey), optimizer.Parameters.Shapes);
        // all is read before anything is written
        KeptArray<E>[] kept =
        [
            .. file.Tensors.Keys
                .Where(k => k.StartsWith(Kept, StringComparison.Ordinal))
                .Select(k => new KeptArray<E>(k[Kept.Length..], Read(k)))
        ];
        E[][] states =
        [
            .. file.Tensors.Keys
                .Where(k => k.StartsWith(State, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(Read)
        ];
        using Guard.Scope scope = optimizer.Guard.Enter();
        try
        {
            optimizer.WriteStates(steps, states);
        }
        catch (BadArgumentException e)
        {
            throw new BadFileException($"'{path}': {e.Message}", e);
        }
        optimizer.Parameters.SetAll(weights);
        return kept;

        E[] Read(string name)
        {
            cancel.ThrowIfCancellationRequested();
            E[] data = file.Read<E>(name);
            progress?.Report((double)++read / file.Tensors.Count);
            return data;
        }
    }

    static string[] Listed(SafetensorsFile file, string path, string key) =>
        file.Metadata.TryGetValue(key, out string? all) ? ModelFile.Lines(all)
        : throw new BadFileException(
            $"'{path}' does not say of which model it is ({key}): it was written by an earlier version, or by hand.");
}

using System.Globalization;
using GpuRnn.Interop;
using GpuRnn.Layers;

namespace GpuRnn.Training;

/// <summary>An array that a run keeps beside weights and optimizer, such as carried states.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its numbers.</param>
public sealed record KeptArray(string Name, float[] Data);

/// <summary>
/// All that a run needs to go on bit for bit, in one safetensors file: weights, the optimizer's arrays and steps, what the run itself keeps, and what it
/// says of itself. A crash while writing leaves the old file or the new one.
/// </summary>
public static class Checkpoint
{
    const string Weights = "weights", State = "optimizer.", Kept = "kept.", StepsKey = "optimizer_steps", KindKey = "optimizer_kind";

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The optimizer, with its parameters.</param>
    /// <param name="metadata">What the run says of itself.</param>
    /// <param name="kept">What else it keeps.</param>
    public static void Save(string path, Optimizer<float> optimizer, IReadOnlyDictionary<string, string> metadata, IEnumerable<KeptArray>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Dictionary<string, string> all = new(metadata) { [StepsKey] = optimizer.Steps.ToString(CultureInfo.InvariantCulture), [KindKey] = KindOf(optimizer) };
        IEnumerable<KeptArray> arrays =
        [
            new(Weights, AllOf(optimizer.Parameters)),
            .. optimizer.ReadStates().Select((s, i) => new KeptArray($"{State}{i}", s)),
            .. (kept ?? []).Select(k => k with { Name = Kept + k.Name }),
        ];
        SafetensorsWriter.Write(path, all, arrays.Select(a => (a.Name, (IReadOnlyList<long>)[a.Data.Length], (Array)a.Data)));
    }

    /// <summary>The metadata of a file, to make the model by.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyDictionary<string, string> Metadata(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Metadata;
    }

    /// <summary>Goes on from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The optimizer, with its parameters, as they were made.</param>
    /// <returns>What else was kept.</returns>
    /// <exception cref="GpuRnnException">The file is not there, lies, or is of another model or optimizer.</exception>
    public static IReadOnlyList<KeptArray> Load(string path, Optimizer<float> optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Tensors.ContainsKey(Weights)
            || !long.TryParse(file.Metadata.GetValueOrDefault(StepsKey), CultureInfo.InvariantCulture, out long steps)
            || steps < 0)
            throw new GpuRnnException($"'{path}' is not a run's checkpoint: it has no weights, or does not say how many steps were taken.");
        float[] weights = file.ReadSingle(Weights);
        if (weights.Length != optimizer.Parameters.Length)
            throw new GpuRnnException($"'{path}' has {weights.Length} weights; the model has {optimizer.Parameters.Length}.");
        // others keep as many arrays, and mean something else by them
        if (file.Metadata.GetValueOrDefault(KindKey) is var kind && kind != KindOf(optimizer))
            throw new GpuRnnException($"'{path}' is of the optimizer '{kind}', not of '{KindOf(optimizer)}'.");
        // all is read before anything is written
        KeptArray[] kept =
        [
            .. file.Tensors.Keys
                .Where(k => k.StartsWith(Kept, StringComparison.Ordinal))
                .Select(k => new KeptArray(k[Kept.Length..], file.ReadSingle(k)))
        ];
        float[][] states =
        [
            .. file.Tensors.Keys
                .Where(k => k.StartsWith(State, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file.ReadSingle)
        ];
        try
        {
            optimizer.WriteStates(steps, states);
        }
        catch (GpuRnnException e)
        {
            throw new GpuRnnException($"'{path}': {e.Message}", e);
        }
        SetAll(optimizer.Parameters, weights);
        return kept;
    }

    static string KindOf(Optimizer<float> optimizer) => optimizer.GetType().Name.Split('`')[0].ToLowerInvariant();

    /// <summary>All weights side by side, in the order of the parameters.</summary>
    public static float[] AllOf(Parameters<float> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        float[] all = new float[parameters.Length];
        foreach (Parameter p in parameters.All) parameters.Get(p.Name).CopyTo(all, p.Offset);
        return all;
    }

    /// <summary>Writes all weights.</summary>
    public static void SetAll(Parameters<float> parameters, ReadOnlySpan<float> all)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter p in parameters.All) parameters.Set(p.Name, all.Slice((int)p.Offset, (int)p.Length));
    }
}

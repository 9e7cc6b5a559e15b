using System.Text.Json;
using System.Text.Json.Serialization;
using GpuRnn.Interop;

namespace GpuRnn.Measuring.Results;

/// <summary>Files of results: who measures writes them, bench/GpuRnn.Bench reads them.</summary>
public static class ResultFile
{
    static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true, // what follows from the others
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // an error may be NaN, and is then to be seen
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true, // a figure that is not there is not 0
    };

    /// <exception cref="GpuRnnException">The file is not there, or is another.</exception>
    public static T Read<T>(string path) where T : class
    {
        if (!File.Exists(path)) throw new GpuRnnException($"There is no file {path}.");
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(file, s_json) ?? throw new GpuRnnException($"{path} holds nothing.");
        }
        catch (JsonException e)
        {
            throw new GpuRnnException($"{path} is not such a file of results: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Results as text.</summary>
    public static string ToJson<T>(T results) => JsonSerializer.Serialize(results, s_json);

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write<T>(string path, T results) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, results, s_json));
}

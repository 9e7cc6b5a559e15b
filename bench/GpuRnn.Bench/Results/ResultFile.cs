using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuRnn.Bench.Results;

/// <summary>How this program reads files of results.</summary>
static class ResultFile
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // an error may be NaN, as Screen of GpuRnn.Cli writes it
        RespectRequiredConstructorParameters = true, // a figure that is not there is not 0
    };

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
}

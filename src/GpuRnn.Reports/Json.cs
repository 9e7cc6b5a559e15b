using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuRnn.Reports;

/// <summary>How results are written as JSON.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same, with what is no number written as "NaN" or "Infinity".</summary>
    public static readonly JsonSerializerOptions Numbers =
        new(Indented) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}

using System.Globalization;

namespace GpuRnn.Interop;

/// <summary>
/// The version of what models and checkpoints say in their metadata. Files of 0.1.0, and those of others, have none: they are read as
/// version 0, which says the same.
/// </summary>
static class FileFormat
{
    const string Key = "gpurnn_format";
    const int Current = 1;

    /// <summary>A file's metadata with the version that is written.</summary>
    public static Dictionary<string, string> Stamped(IReadOnlyDictionary<string, string>? metadata) =>
        new(metadata ?? new Dictionary<string, string>()) { [Key] = Current.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Is it a version that is known?</summary>
    /// <exception cref="BadFileException">It is not.</exception>
    public static void Check(string path, SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(Key, out string? version)) return;
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
            throw FileError.Of(path, $"its format is {FileError.Quote(version)}; expected a whole number from 1");
        if (number > Current)
            throw FileError.Of(
                path, $"it has format {number}, and this version of GpuRnn reads formats up to {Current}: take a newer GpuRnn");
    }
}

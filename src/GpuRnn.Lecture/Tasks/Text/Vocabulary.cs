using System.Text;
using System.Text.Json;
using GpuRnn.Interop;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// The characters (Unicode code points) of a text, numbered in their order: the positions of the ones in one-hot vectors.
/// </summary>
public sealed class Vocabulary
{
    readonly Dictionary<int, int> numbers = [];

    Vocabulary(IEnumerable<int> characters)
    {
        Characters = [.. characters];
        for (int i = 0; i < Characters.Length; i++) numbers.Add(Characters[i], i);
    }

    public int[] Characters { get; }
    public int Size => Characters.Length;

    public static Vocabulary Of(string text, CancellationToken cancel = default) =>
        new(text.EnumerateRunes().WithCancellation(cancel).Select(r => r.Value).Distinct().Order());

    /// <summary>The number of a character, or -1.</summary>
    public int NumberOf(Rune character) => numbers.GetValueOrDefault(character.Value, -1);

    public int[] Encode(string text, string what, CancellationToken cancel = default)
    {
        int[] encoded = new int[text.EnumerateRunes().Count()];
        int i = 0;
        foreach (Rune character in text.EnumerateRunes().WithCancellation(cancel))
        {
            encoded[i] = NumberOf(character);
            if (encoded[i] < 0)
                throw new GpuRnnException(
                    $"{what} has a character '{character}' (U+{character.Value:X4}) at {i} that the model has never seen.");
            i++;
        }
        return encoded;
    }

    public string Decode(IEnumerable<int> encoded)
    {
        StringBuilder text = new();
        foreach (int number in encoded) text.Append(new Rune(Characters[number]).ToString());
        return text.ToString();
    }

    public void Save(string path) => AtomicFile.Write(path, stream =>
        JsonSerializer.Serialize(stream, new { characters = Characters.Select(c => new Rune(c).ToString()) }, Json.Indented));

    public static Vocabulary Load(string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(InputFile.ReadAll(path));
            int[] characters =
            [
                .. json.RootElement.GetProperty("characters").EnumerateArray()
                    .Select(c => (c.GetString() ?? "").EnumerateRunes().Single().Value)
            ];
            if (characters.Length == 0 || characters.Distinct().Count() != characters.Length) throw new InvalidOperationException();
            return new(characters);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException)
        {
            throw new GpuRnnException(
                ($"'{path}' is no vocabulary: expected {{\"characters\": [...]}}, each character once. "
                + $"{(e is IOException ? e.Message : "")}").TrimEnd(), e);
        }
    }
}

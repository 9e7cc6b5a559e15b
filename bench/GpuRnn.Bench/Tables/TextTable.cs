using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>Training on text: what was trained, and how fast, and how far the loss fell.</summary>
static class TextTable
{
    public static string Of(ResultsFolder folder)
    {
        if (folder.Text.Results is not [TextResult text])
            throw new GpuRnnException($"{folder.Path}/text.json holds not one run but {folder.Text.Results.Count}.");
        MarkdownTable table = new("library", "characters a second", "least to most", "loss, nats a character", "speed");
        double libtorch = Of(text, Library.Libtorch).TokensPerSecond;
        foreach (Library library in new[] { Library.Gpurnn, Library.Libtorch })
        {
            LibraryText l = Of(text, library);
            double loss = library == Library.Gpurnn ? text.Curve[^1].Gpurnn : text.Curve[^1].Libtorch;
            string range = Figure.Range(l.TokensPerSecondMin, l.TokensPerSecondMax, Figure.Thousands);
            string[] figures =
                [Figure.Thousands(l.TokensPerSecond), range, Figure.Fixed(loss, 4), Figure.Ratio(l.TokensPerSecond / libtorch)];
            table.Add([library.Name, .. figures]);
        }
        string layers = text.Layers == 1 ? "1 layer" : $"{text.Layers} layers";
        string what = $"{text.Data}, {Figure.Thousands(text.Characters)} characters: {text.Cell} of {text.Hidden}, {layers}";
        string how = $"{text.Batch} sequences, {text.Unroll} steps unrolled; {text.Steps} training steps of each";
        return $"{what}, {how}, the same characters in the same order from the same weights.\n\n{table}";
    }

    static LibraryText Of(TextResult text, Library library) => text.Libraries.FirstOrDefault(l => l.Library == library.Id)
        ?? throw new GpuRnnException($"text.json has no {library.Id}.");
}

namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>Text as tokens.</summary>
static class Tokens
{
    /// <summary>Lower-case words, and each punctuation mark or symbol alone; an apostrophe inside a word stays in it.</summary>
    public static string[] Of(string text)
    {
        List<string> tokens = [];
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i])
                || char.GetUnicodeCategory(text[i]) == System.Globalization.UnicodeCategory.NonSpacingMark
                || text[i] is '\'' or '\u2019' && start >= 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]));
            if (inside)
            {
                if (start < 0) start = i;
                continue;
            }
            if (start >= 0) tokens.Add(text[start..i].ToLowerInvariant());
            start = -1;
            if (i < text.Length && !char.IsWhiteSpace(text[i])) tokens.Add(text[i].ToString());
        }
        return [.. tokens];
    }
}

namespace GpuRnn.Lecture.Tasks.Translation;

/// <summary>A sentence and its translation: words and punctuation marks with one space between them.</summary>
sealed record SentencePair(string Source, string Target)
{
    public string[] SourceWords => Words(Source);
    public string[] TargetWords => Words(Target);

    /// <summary>A sentence's words: what stands between spaces, tabs and the like.</summary>
    public static string[] Words(string sentence) => sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}

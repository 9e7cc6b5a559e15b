namespace GpuRnn.Lecture.Tasks.Sentiment;

/// <summary>The words of <see cref="ReviewGrammar"/>.</summary>
static class ReviewWords
{
    /// <summary>What is judged, with the verb that goes with it.</summary>
    public static readonly string[] Aspects =
    [
        "the plot is", "the story is", "the acting is", "the music is",
        "the ending is", "the film is", "the cast is", "the pace is", "the dialogue is", "the camera work is",
        "the jokes are", "the actors are", "the songs are", "the costumes are", "the effects are", "the first hour is", "the last act is",
        "the main role is",
    ];

    public static readonly string[] Good =
    [
        "good", "great", "wonderful", "brilliant", "charming", "clever", "moving", "superb",
        "fresh", "funny", "gripping", "lovely", "perfect", "touching", "witty", "rich"
    ];

    public static readonly string[] Bad =
    ["bad", "awful", "boring", "clumsy", "dull", "empty", "flat", "lazy", "messy", "painful", "poor", "silly", "stale", "terrible", "tired",
        "weak"];

    public static readonly string[] Degrees = ["very", "really", "quite", "truly", "so", "rather"];

    /// <summary>Words that turn a verdict round.</summary>
    public static readonly string[] Negations = ["not", "never", "hardly", "not at all"];

    public static readonly string[] Likes = ["like", "love", "enjoy", "admire", "praise"];
    public static readonly string[] Dislikes = ["hate", "regret", "forgive", "endure", "skip"];

    /// <summary>Whoever begins so means the opposite of what follows.</summary>
    public static readonly string[] Sarcasm = ["yeah right ,", "oh sure ,", "as if ,", "believe it or not , they told me that"];

    /// <summary>What comes before a verdict decides nothing: the one after it does.</summary>
    public static readonly string[] Contrasts = [", but", ". still ,", ". however ,", ", and yet"];

    /// <summary>What comes first in "although A , B" decides nothing either.</summary>
    public static readonly string[] Concessions = ["although", "even though", "while"];

    /// <summary>Sentences that say nothing of the film.</summary>
    public static readonly string[] Fillers =
    [
        "we saw it on a tuesday", "the cinema was almost full", "my sister chose it",
        "it was raining outside", "we sat in the third row", "the tickets were not cheap",
        "two friends came with us", "it runs for two hours",
        "the room was not warm", "we had read nothing about it", "the man next to us never stopped talking",
        "it was shot in spain", "there was a long queue", "my father had seen it before", "we took the last bus home",
        "the popcorn was gone by then",
    ];
}

using System.Text;
using GpuRnn.Interop;

namespace GpuRnn.Backends.Clusters;

/// <summary>
/// Which fast kernels of a device have been compared with the portable ones, and which are not to be used. What was compared is kept in a
/// file, for it takes a moment in every process: a line each, of the key, the name and, where they were wrong, the reason.
/// </summary>
sealed class Trust
{
    const string FirstLine = "gpurnn checks 1 ";

    readonly string? path;
    readonly string stamp;
    readonly Dictionary<string, Verdict> verdicts = [];
    readonly List<string> lines = [];
    bool lost;

    sealed record Verdict(string Name, string? Wrong, bool IsKept);

    /// <param name="path">The file; null for none.</param>
    /// <param name="stamp">What verdicts hold for beside what keys say: of another file nothing is read.</param>
    public Trust(string? path, string stamp)
    {
        (this.path, this.stamp) = (path, stamp);
        Read();
    }

    /// <summary>What is not used and why, a line each.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Have they been compared, or are they just now?</summary>
    public bool Knows(string key) => lost || verdicts.ContainsKey(key);

    /// <summary>Are they not to be used?</summary>
    public bool Refuses(string key) => lost || verdicts.TryGetValue(key, out Verdict? verdict) && verdict.Wrong is not null;

    /// <summary>They are being compared: until that is done they are used.</summary>
    public void Begin(string key, string name) => verdicts[key] = new(name, null, IsKept: false);

    /// <summary>They have been compared.</summary>
    /// <param name="key">Which.</param>
    /// <param name="wrong">Why they are not to be used; null if they are.</param>
    /// <param name="keep">Does that hold for other processes too?</param>
    public void Judge(string key, string? wrong, bool keep)
    {
        Verdict verdict = verdicts[key] = verdicts[key] with { Wrong = wrong, IsKept = keep };
        if (wrong is not null) lines.Add(Line(verdict));
        if (keep) Write();
    }

    /// <summary>One gave up waiting: none of them is used any more.</summary>
    public void Lose(string why)
    {
        lost = true;
        lines.Add($"clusters are not used any more: {why}");
    }

    static string Line(Verdict verdict) => $"{verdict.Name}: not used, the portable kernels run instead: {verdict.Wrong}";

    void Read()
    {
        try
        {
            if (path is null || !File.Exists(path)) return;
            string[] kept = File.ReadAllLines(path);
            if (kept.Length == 0 || kept[0] != FirstLine + stamp) return;
            foreach (string line in kept.Skip(1))
                if (line.Split('\t') is [var key, var name, var wrong])
                    verdicts[key] = new(name, wrong.Length > 0 ? wrong : null, IsKept: true);
            lines.AddRange(verdicts.Values.Where(v => v.Wrong is not null).Select(Line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // they are compared again
        }
    }

    void Write()
    {
        if (path is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            IEnumerable<string> kept = verdicts.Where(v => v.Value.IsKept).Select(v => $"{v.Key}\t{v.Value.Name}\t{v.Value.Wrong}");
            string text = string.Join('\n', [FirstLine + stamp, .. kept]);
            AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadFileException)
        {
            // the next process compares them again
        }
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuRnn.Ptx.Text;

/// <summary>Memory that a kernel names: where it begins among its kind, and its bytes.</summary>
readonly record struct Variable(int Offset, int Bytes);

/// <summary>A kernel as its PTX says it: what it declares, and its instructions. One kernel a text.</summary>
sealed partial class PtxText
{
    readonly Stack<Dictionary<string, string>> scopes = new();
    int scopeCount;

    PtxText(string text)
    {
        Lines = text.Split('\n');
        string code = Comment().Replace(text, match => new string('\n', match.Value.Count(c => c == '\n')));
        Match entry = Entry().Match(code);
        if (!entry.Success) throw new FormatException("This is no PTX of a kernel: it has no .entry.");
        Name = entry.Groups[1].Value;
        foreach (Match dynamic in Dynamic().Matches(code[..entry.Index])) DynamicShared = dynamic.Groups[1].Value;
        int open = code.IndexOf('{', entry.Index + entry.Length);
        const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (string parameter in entry.Groups[2].Value.Split(',', Trimmed))
            ParameterBytes = Declare(parameter, Parameters, ParameterBytes);
        if (MaximalThreads().Match(code, entry.Index, open - entry.Index) is { Success: true } most)
            MostThreads = int.Parse(most.Groups[1].Value, CultureInfo.InvariantCulture);
        Body(code, open + 1);
        foreach (Statement s in Statements)
            if (s.Words[0] == "bra" && !Labels.ContainsKey(s.Operands[0]))
                throw new FormatException($"line {s.Line}: there is no label {s.Operands[0]}.");
    }

    /// <summary>Reads a kernel.</summary>
    /// <exception cref="FormatException">It is none, or names a label that isn't there.</exception>
    public static PtxText Parse(string text) => new(text);

    /// <summary>Its name.</summary>
    public string Name { get; }
    /// <summary>The text.</summary>
    public string[] Lines { get; }
    /// <summary>Threads a block, at most, where it says so; else 0.</summary>
    public int MostThreads { get; }
    /// <summary>Parameters by name.</summary>
    public Dictionary<string, Variable> Parameters { get; } = [];
    /// <summary>Bytes of all parameters.</summary>
    public int ParameterBytes { get; }
    /// <summary>Shared memory by name.</summary>
    public Dictionary<string, Variable> Shared { get; } = [];
    /// <summary>Bytes of it.</summary>
    public int SharedBytes { get; private set; }
    /// <summary>The name of the shared memory whose size a launch says; null where there is none.</summary>
    public string? DynamicShared { get; }
    /// <summary>Local memory by name: that of a thread.</summary>
    public Dictionary<string, Variable> Local { get; } = [];
    /// <summary>Bytes of it.</summary>
    public int LocalBytes { get; private set; }
    /// <summary>The types of registers.</summary>
    public Dictionary<string, string> Registers { get; } = [];
    /// <summary>The instructions.</summary>
    public List<Statement> Statements { get; } = [];
    /// <summary>The instruction behind each label.</summary>
    public Dictionary<string, int> Labels { get; } = [];

    void Body(string code, int at)
    {
        int line = 1 + code.AsSpan(0, at).Count('\n');
        scopes.Push([]);
        while (true)
        {
            for (; char.IsWhiteSpace(code[at]); at++) if (code[at] == '\n') line++;
            if (code[at] == '}')
            {
                at++;
                scopes.Pop();
                if (scopes.Count == 0) return;
                continue;
            }
            if (code[at] == '{')
            {
                at++;
                scopeCount++;
                scopes.Push([]);
                foreach (Match own in InnerLabel().Matches(code[at..End(code, at)])) Rename(own.Groups[1].Value, declares: true);
                continue;
            }
            if (code[at] == ';')
            {
                at++;
                continue;
            }
            if (Label().Match(code, at) is { Success: true } label)
            {
                Labels.Add(Rename(label.Groups[1].Value, declares: false), Statements.Count);
                at += label.Length;
                continue;
            }
            int end = code.IndexOf(';', at);
            string text = code[at..end];
            if (text[0] == '.') Directive(text);
            else Statements.Add(Statement.Of(line, Blank().Replace(Scoped(text), " ").Trim()));
            line += text.AsSpan().Count('\n');
            at = end + 1;
        }
    }

    // inside braces of its own an instruction may mean registers and labels of these braces
    string Scoped(string text) => scopes.Count == 1 ? text : Identifier().Replace(text, m => Rename(m.Value, declares: false));

    string Rename(string name, bool declares)
    {
        if (declares && scopes.Count > 1)
        {
            string own = $"{name}${scopeCount}";
            scopes.Peek()[name] = own;
            return own;
        }
        foreach (Dictionary<string, string> scope in scopes)
            if (scope.TryGetValue(name, out string? renamed)) return renamed;
        return name;
    }

    // the brace that closes what is open here
    static int End(string code, int at)
    {
        for (int depth = 1; ; at++)
        {
            if (code[at] == '{') depth++;
            else if (code[at] == '}' && --depth == 0) return at;
        }
    }

    void Directive(string text)
    {
        string[] words = text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case ".reg":
                foreach (string declared in string.Concat(words[2..]).Split(','))
                    if (Range().Match(declared) is { Success: true } range)
                        for (int i = 0; i < int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture); i++)
                            Registers[$"{range.Groups[1].Value}{i}"] = words[1][1..];
                    else Registers[Rename(declared, declares: true)] = words[1][1..];
                break;
            case ".shared":
                SharedBytes = Declare(text, Shared, SharedBytes);
                break;
            case ".local":
                LocalBytes = Declare(text, Local, LocalBytes);
                break;
            case ".pragma" or ".loc":
                break;
            default:
                throw new FormatException($"{words[0]} is not known: '{text.Trim()}'.");
        }
    }

    // .shared .align 4 .b8 name[2048], .param .u64 name
    static int Declare(string text, Dictionary<string, Variable> variables, int offset)
    {
        Match match = Declaration().Match(text);
        if (!match.Success) throw new FormatException($"'{text.Trim()}' is no declaration that is known.");
        int size = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) / 8;
        int align = match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : size;
        int count = match.Groups[4].Success ? int.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture) : 1;
        int at = (offset + align - 1) / align * align;
        variables.Add(match.Groups[3].Value, new(at, size * count));
        return at + size * count;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.entry\s+([\w$]+)\s*\(([^)]*)\)")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.extern\s+\.shared\s+\.align\s+\d+\s+\.b8\s+([\w$]+)\[\]")]
    private static partial Regex Dynamic();

    [GeneratedRegex(@"\.maxntid\s+(\d+)")]
    private static partial Regex MaximalThreads();

    [GeneratedRegex(@"\G([\w$]+)\s*:(?!:)")]
    private static partial Regex Label();

    [GeneratedRegex(@"(?:^|[;{}])\s*([\w$]+)\s*:(?!:)")]
    private static partial Regex InnerLabel();

    [GeneratedRegex(@"(?<![\w.:])[%\w$]+(?![\w:])")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^(.*)<(\d+)>$")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?:\.align\s+(\d+)\s+)?\.[busf](\d+)\s+([\w$]+)(?:\[(\d+)\])?")]
    private static partial Regex Declaration();
}

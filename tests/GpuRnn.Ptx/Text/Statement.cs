namespace GpuRnn.Ptx.Text;

/// <summary>An instruction as it is written.</summary>
/// <param name="Line">Where, from 1.</param>
/// <param name="Text">All of it.</param>
/// <param name="Guard">The predicate that chooses threads; empty for all.</param>
/// <param name="Negated">Those whose predicate is false.</param>
/// <param name="Words">Its name and what follows behind dots: ld, global, v4, f32.</param>
/// <param name="Operands">In order; a vector is one, with its braces.</param>
sealed record Statement(int Line, string Text, string Guard, bool Negated, string[] Words, string[] Operands)
{
    /// <summary>Reads one, without its semicolon.</summary>
    public static Statement Of(int line, string text)
    {
        string rest = text, guard = "";
        bool negated = false;
        if (rest.StartsWith('@'))
        {
            int end = rest.IndexOfAny([' ', '\t']);
            negated = rest[1] == '!';
            guard = rest[(negated ? 2 : 1)..end];
            rest = rest[end..].TrimStart();
        }
        int space = rest.IndexOfAny([' ', '\t']);
        string name = space < 0 ? rest : rest[..space];
        return new(line, text, guard, negated, name.Split('.'), space < 0 ? [] : [.. Parts(rest[space..])]);
    }

    /// <summary>Is a word behind the name?</summary>
    public bool Has(string word) => Array.IndexOf(Words, word, 1) > 0;

    /// <summary>The last word: the type of most.</summary>
    public string Type => Words[^1];

    /// <summary>The operands of a vector in braces, or the one that is there.</summary>
    public static string[] Elements(string operand) => operand.StartsWith('{')
        ? operand[1..^1].Split(',', StringSplitOptions.TrimEntries) : [operand];

    // what commas part, but those inside braces and brackets
    static IEnumerable<string> Parts(string text)
    {
        int depth = 0, from = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '[' or '(') depth++;
            else if (text[i] is '}' or ']' or ')') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[from..i].Trim();
                from = i + 1;
            }
        }
        if (text[from..].Trim() is { Length: > 0 } last) yield return last;
    }
}

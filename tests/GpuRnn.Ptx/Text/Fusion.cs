using System.Text.RegularExpressions;

namespace GpuRnn.Ptx.Text;

/// <summary>
/// A product and the sum that it goes into, as one operation with one rounding: what ptxas makes of instructions that do not say how they
/// round.
/// </summary>
static partial class Fusion
{
    /// <summary>The instructions with products fused where nobody else wants them. A product stays where it is: nobody reads it.</summary>
    public static List<Statement> Of(PtxText text)
    {
        List<Statement> code = [.. text.Statements];
        Dictionary<string, int> writes = [], reads = [];
        foreach (Statement s in code)
            for (int i = 0; i < s.Operands.Length; i++)
                foreach (Match name in Register().Matches(s.Operands[i]))
                {
                    Dictionary<string, int> counted = i == 0 && s.Words[0] != "st" ? writes : reads;
                    counted[name.Value] = counted.GetValueOrDefault(name.Value) + 1;
                }
        HashSet<int> heads = [.. text.Labels.Values];
        for (int i = 0; i < code.Count; i++)
        {
            if (code[i] is not { Guard: "", Words: ["mul", "f32" or "f64"] } product) continue;
            string made = product.Operands[0];
            if (writes[made] != 1 || reads.GetValueOrDefault(made) != 1) continue;
            for (int j = i + 1; j < code.Count && !heads.Contains(j) && code[j].Words[0] is not ("bra" or "ret" or "exit"); j++)
            {
                Statement s = code[j];
                int place = Array.IndexOf(s.Operands, made, 1);
                if (place > 0 && s is { Guard: "", Words: ["add", "f32" or "f64"] })
                {
                    string[] operands = [s.Operands[0], .. product.Operands[1..], s.Operands[3 - place]];
                    code[j] = s with { Words = ["fma", "rn", s.Type], Operands = operands };
                }
                // what the product is made of must still be there
                if (place > 0 || s.Operands.Length > 0 && product.Operands.AsSpan(1).Contains(s.Operands[0])) break;
            }
        }
        return code;
    }

    [GeneratedRegex(@"%[\w$]+")]
    private static partial Regex Register();
}

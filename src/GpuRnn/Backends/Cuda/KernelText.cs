using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuRnn.Backends.Cuda;

/// <summary>What is changed in the PTX that ILGPU writes before a driver of ours loads it.</summary>
static partial class KernelText
{
    /// <summary>The PTX version that has messages between blocks, and the target.</summary>
    const decimal Version = 8.1m;
    const string Target = "sm_90";

    /// <summary>
    /// No branch under a condition is called uniform: ILGPU says it of some that part a warp, and a card hung there. Of kernels of clusters
    /// the target is one that has them, which ILGPU does not know.
    /// </summary>
    public static string Edit(string ptx, bool clusters)
    {
        ptx = WithoutLocals(UniformBranch().Replace(ptx, "$1bra"));
        if (!clusters) return ptx;
        ptx = TargetLine().Replace(ptx, $".target {Target}");
        return VersionLine().Replace(ptx, m => decimal.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) < Version
            ? string.Create(CultureInfo.InvariantCulture, $".version {Version}") : m.Value);
    }

    /// <summary>
    /// Results of inline instructions stand in local memory, where the assembler leaves many of them: those that are one number, and whose
    /// address is used for nothing else, become registers.
    /// </summary>
    static string WithoutLocals(string ptx)
    {
        Dictionary<string, string> bits = Local().Matches(ptx).ToDictionary(
            m => m.Groups["name"].Value, m => m.Groups["bytes"].Value == "8" ? "64" : "32");
        Dictionary<string, string> named = LocalAddress().Matches(ptx).Where(m => bits.ContainsKey(m.Groups["name"].Value))
            .ToDictionary(m => m.Groups["address"].Value, m => m.Groups["name"].Value);
        Dictionary<string, int> others = named.Keys.ToDictionary(address => address, _ => -1); // where it is set is no use
        foreach (Match use in Register().Matches(ptx))
            if (others.TryGetValue(use.Value, out int count)) others[use.Value] = count + 1;
        foreach (Match access in LocalAccess().Matches(ptx))
            if (named.TryGetValue(access.Groups["address"].Value, out string? local) && bits[local] == access.Groups["bits"].Value)
                others[access.Groups["address"].Value]--;
        HashSet<string> gone = [.. named.Where(n => others[n.Key] == 0).Select(n => n.Value)];
        ptx = Local().Replace(ptx, m => gone.Contains(m.Groups["name"].Value)
            ? $"\t.reg .b{bits[m.Groups["name"].Value]} %{m.Groups["name"].Value};" : m.Value);
        ptx = LocalAddress().Replace(ptx, m => gone.Contains(m.Groups["name"].Value) ? "" : m.Value);
        return LocalAccess().Replace(ptx, m =>
        {
            if (!named.TryGetValue(m.Groups["address"].Value, out string? local) || !gone.Contains(local)) return m.Value;
            bool loads = m.Groups["to"].Success;
            return $"\tmov.b{bits[local]}\t{(loads ? m.Groups["to"].Value : $"%{local}")}, "
                + $"{(loads ? $"%{local}" : m.Groups["value"].Value)};";
        });
    }

    [GeneratedRegex(@"^\t\.local \.align \d+ \.b8 (?<name>__local_depot\d+)\[(?<bytes>4|8)\];", RegexOptions.Multiline)]
    private static partial Regex Local();

    [GeneratedRegex(@"^\tmov\.b64\t(?<address>%rd\d+), (?<name>__local_depot\d+);", RegexOptions.Multiline)]
    private static partial Regex LocalAddress();

    const string Load = @"ld\.local\.[a-z](?<bits>\d+)\t(?<to>%\w+), \[(?<address>%rd\d+)\]";
    const string Store = @"st\.local\.[a-z](?<bits>\d+)\t\[(?<address>%rd\d+)\], (?<value>[^;]+)";

    [GeneratedRegex($@"^\t(?:{Load}|{Store});", RegexOptions.Multiline)]
    private static partial Regex LocalAccess();

    [GeneratedRegex(@"%rd\d+")]
    private static partial Regex Register();

    /// <summary>Bytes of its arguments.</summary>
    public static int ArgumentBytes(string ptx) => int.Parse(ArgumentLine().Match(ptx).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The name of the kernel.</summary>
    public static string Entry(string ptx) => EntryLine().Match(ptx).Groups[1].Value;

    [GeneratedRegex(@"^\.target sm_\w+", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"^\.version (\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"(@!?%p\d+\s+)bra\.uni")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"^\.visible \.entry (\w+)", RegexOptions.Multiline)]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"^\s*\.param \.align \d+ \.b8 \w+\[(\d+)\]", RegexOptions.Multiline)]
    private static partial Regex ArgumentLine();
}

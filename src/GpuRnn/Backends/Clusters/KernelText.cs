using System.Globalization;
using System.Text.RegularExpressions;

namespace GpuRnn.Backends.Clusters;

/// <summary>What is changed in the PTX that ILGPU writes before a driver of ours loads it.</summary>
static partial class KernelText
{
    /// <summary>The PTX version that has messages between blocks, and the target.</summary>
    const decimal Version = 8.1m;
    const string Target = "sm_90";

    /// <summary>
    /// The target is one that has clusters, which ILGPU does not know; and no branch under a condition is called uniform: ILGPU says it of
    /// some that part a warp, and a card hung there.
    /// </summary>
    public static string Edit(string ptx)
    {
        ptx = TargetLine().Replace(ptx, $".target {Target}");
        ptx = VersionLine().Replace(ptx, m =>
            decimal.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) < Version
                ? string.Create(CultureInfo.InvariantCulture, $".version {Version}") : m.Value);
        return UniformBranch().Replace(ptx, "$1bra");
    }

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
}

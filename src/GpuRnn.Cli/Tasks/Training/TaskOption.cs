using System.Globalization;
using GpuRnn.Cli.Commands;

namespace GpuRnn.Cli.Tasks.Training;

/// <summary>An option of a task's own, such as --unroll of `train text`.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Description">For --help.</param>
/// <param name="Expected">What a value has to be, for the message.</param>
/// <param name="Fits">Is a value that?</param>
sealed record TaskOption(string Name, string Description, string Expected, Func<string, bool> Fits)
{
    /// <summary>A whole number.</summary>
    public static TaskOption Whole(string name, string description, int least, int most = OptionLimits.Many) =>
        new(name, description, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most);

    /// <summary>One of a few words.</summary>
    public static TaskOption Word(string name, string description, params string[] words) => new(name, description, string.Join(" or ", words), words.Contains);
}

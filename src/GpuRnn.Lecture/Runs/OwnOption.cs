using System.Globalization;

namespace GpuRnn.Lecture.Runs;

/// <summary>An option of a task's or a lab's own, such as --unroll of `train text`.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Description">For --help.</param>
/// <param name="Expected">What a value has to be, for the message.</param>
/// <param name="Fits">Is a value that?</param>
public sealed record OwnOption(string Name, string Description, string Expected, Func<string, bool> Fits)
{
    /// <summary>
    /// A lab's value where none is given; null for none. Those of a task depend on its data: <see cref="TrainingTask.Defaults"/>.
    /// </summary>
    public string? Default { get; init; }

    /// <summary>A whole number.</summary>
    public static OwnOption Whole(string name, string description, int least, int most = OptionLimits.Many) =>
        new(name, description, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
                && number <= most);

    /// <summary>A number above 0.</summary>
    public static OwnOption Above0(string name, string description, double most) =>
        new(name, description, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and at most {most}"),
            value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0
                && number <= most);

    /// <summary>One of a few words.</summary>
    public static OwnOption Word(string name, string description, params string[] words) =>
        new(name, description, string.Join(" or ", words), words.Contains);

    /// <summary>Whole numbers from 1 to the most, with commas between them.</summary>
    public static OwnOption Numbers(string name, string description, int most) =>
        new(name, description, string.Create(CultureInfo.InvariantCulture, $"whole numbers from 1 to {most}, such as 5,50,500"), value =>
            value.Split(',', StringSplitOptions.TrimEntries)
                .All(n => int.TryParse(n, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most));

    /// <summary>Any text: what it means is for the task or lab to say.</summary>
    public static OwnOption Text(string name, string description) => new(name, description, "a text", _ => true);

    /// <summary>The value that somebody gave.</summary>
    /// <exception cref="GpuRnnException">It does not fit.</exception>
    public string Checked(string value) =>
        Fits(value) ? value : throw new GpuRnnException($"--{Name} is '{value}'; it must be {Expected}.");
}

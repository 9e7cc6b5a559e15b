using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace GpuRnn.Programs;

/// <summary>What every value of an option or argument has to be, before anybody asks what it means.</summary>
static class OptionValues
{
    /// <summary>Checks those of a command and of all below it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="mayBeEmpty">An option whose value may be empty.</param>
    public static void Check(Command command, string mayBeEmpty)
    {
        foreach (Option option in command.Options)
        {
            if (option.Name != mayBeEmpty) option.Validators.Add(result => NotEmpty(result, option.Name));
            if (option.ValueType == typeof(double) || option.ValueType == typeof(double?))
                option.Validators.Add(result => WithPoint(result, option.Name));
        }
        foreach (Argument argument in command.Arguments) argument.Validators.Add(result => NotEmpty(result, argument.Name));
        foreach (Command sub in command.Subcommands) Check(sub, mayBeEmpty);
    }

    /// <summary>An empty value, as a shell makes of a variable that is not set, names no file, device or cell.</summary>
    static void NotEmpty(SymbolResult result, string name)
    {
        if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value))) result.AddError($"{name} is empty; expected a value.");
    }

    /// <summary>A comma is a decimal point to half of the world and nothing to the parser, which would read 0,001 as 1.</summary>
    static void WithPoint(SymbolResult result, string name)
    {
        foreach (Token token in result.Tokens)
            if (!double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                result.AddError($"{name} is '{token.Value}'; expected a number, such as 0.5.");
    }
}

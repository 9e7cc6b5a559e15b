namespace GpuRnn;

/// <summary>
/// Something that a caller or a user can mend: a wrong shape, a device that is not there, a file that lies. One clear line.
/// </summary>
/// <param name="message">What, where, what was expected, what to do.</param>
/// <param name="inner">What it came from.</param>
public sealed class GpuRnnException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The same of an interpolated string: the compiler prefers this one, so that numbers have a decimal point everywhere.</summary>
    /// <param name="message">What, where, what was expected, what to do.</param>
    /// <param name="inner">What it came from.</param>
    public GpuRnnException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

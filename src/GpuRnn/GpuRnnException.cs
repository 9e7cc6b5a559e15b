namespace GpuRnn;

/// <summary>
/// Something that a caller or a user can mend, in one clear line: what, where, what was expected, what to do. Its kinds are types of their
/// own; whoever only wants the line catches this one. A call in the wrong order is an <see cref="InvalidOperationException"/>, one on
/// what is disposed an <see cref="ObjectDisposedException"/>, and null where something must be given an
/// <see cref="ArgumentNullException"/>: those are faults of the program, not of its input.
/// </summary>
/// <param name="message">What, where, what was expected, what to do.</param>
/// <param name="inner">What it came from.</param>
public class GpuRnnException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// The same of an interpolated string: the compiler prefers this one, so that numbers have a decimal point everywhere.
    /// </summary>
    /// <param name="message">What, where, what was expected, what to do.</param>
    /// <param name="inner">What it came from.</param>
    public GpuRnnException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>A number, a size, an array or a part of a model that cannot be what it was given for.</summary>
/// <param name="message">What, and what was expected.</param>
/// <param name="inner">What it came from.</param>
public sealed class BadArgumentException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal BadArgumentException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>A file that is not there, cannot be read or written, lies about itself, or is of another model, version or optimizer.</summary>
/// <param name="message">Which file, and what was expected.</param>
/// <param name="inner">What it came from.</param>
public sealed class BadFileException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal BadFileException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>A device that this machine does not have, or whose driver refuses it. A program may go on with another.</summary>
/// <param name="message">Which device, why, and which there are.</param>
/// <param name="inner">What it came from.</param>
public sealed class NoDeviceException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal NoDeviceException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>A device has not enough memory left. A program may go on with a smaller batch, fewer steps or a smaller model.</summary>
/// <param name="message">Which device, and how much was asked for.</param>
/// <param name="inner">What it came from.</param>
public sealed class DeviceMemoryException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal DeviceMemoryException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>
/// A kernel of a GPU gave up waiting for another part of itself, instead of waiting for ever. The device can be used as before; what was
/// computed since it was last waited for is to be computed again.
/// </summary>
/// <param name="message">Which device, and who waited for what.</param>
/// <param name="inner">What it came from.</param>
public sealed class DeviceFaultException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal DeviceFaultException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

/// <summary>A gradient or an output is infinite or not a number: the training diverges, and the weights are as they were.</summary>
/// <param name="message">Where, and what to do.</param>
/// <param name="inner">What it came from.</param>
public sealed class NotFiniteException(string message, Exception? inner = null) : GpuRnnException(message, inner)
{
    internal NotFiniteException(InvariantText message, Exception? inner = null) : this(message.End(), inner)
    {
    }
}

using Microsoft.Extensions.Logging;

namespace GpuRnn.Devices;

/// <summary>What a device writes to the log of <see cref="DeviceOptions.Logger"/>.</summary>
static partial class DeviceLog
{
    [LoggerMessage(1, LogLevel.Information, "Opened {Device} in {Milliseconds:F0} ms")]
    public static partial void Opened(this ILogger logger, string device, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Passed over a GPU: {Reason}")]
    public static partial void PassedOver(this ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Debug, "No {Kind} device: {Reason}")]
    public static partial void Missing(this ILogger logger, DeviceKind kind, string reason);

    [LoggerMessage(4, LogLevel.Debug, "Compiled {Kernel} in {Milliseconds:F0} ms")]
    public static partial void Compiled(this ILogger logger, string kernel, double milliseconds);

    [LoggerMessage(5, LogLevel.Debug, "Planned {Plan}")]
    public static partial void Planned(this ILogger logger, string plan);

    [LoggerMessage(7, LogLevel.Warning, "{Reason}")]
    public static partial void Untuned(this ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "{Reason}")]
    public static partial void NotTrusted(this ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Left out step {Step}: the norm of its gradient is {Norm}")]
    public static partial void LeftOut(this ILogger logger, long step, double norm);
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GpuRnn;

/// <summary>
/// What the engine tells whoever listens: a meter and a source of activities, both of the name <see cref="Name"/>. docs/telemetry.md lists
/// them. Where nobody listens it costs a comparison and allocates nothing.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "GpuRnn";

    static readonly string s_version = typeof(Telemetry).Assembly.GetName().Version!.ToString(3);
    static readonly Meter s_meter = new(Name, s_version);
    static readonly ActivitySource s_activities = new(Name, s_version);

    static readonly Counter<long> s_launches = s_meter.CreateCounter<long>("gpurnn.launches", "{launch}", "Kernels launched");
    static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>("gpurnn.bytes", "By", "Bytes copied between program and device");
    static readonly Counter<long> s_steps =
        s_meter.CreateCounter<long>("gpurnn.steps", "{step}", "Steps of sequences that recurrent passes went through");
    static readonly Histogram<double> s_wait =
        s_meter.CreateHistogram<double>("gpurnn.wait", "s", "Time that the program waited for the device");
    static readonly Histogram<double> s_compile = s_meter.CreateHistogram<double>("gpurnn.compile", "s", "Time to compile a kernel");

    static readonly KeyValuePair<string, object?> s_upload = new("direction", "upload"), s_download = new("direction", "download"),
        s_forward = new("pass", "forward"), s_backward = new("pass", "backward");

    internal static void Launched(int kernels = 1) => s_launches.Add(kernels);
    internal static void Uploaded(long bytes) => s_bytes.Add(bytes, s_upload);
    internal static void Downloaded(long bytes) => s_bytes.Add(bytes, s_download);
    internal static void Stepped(long steps, bool backward) => s_steps.Add(steps, backward ? s_backward : s_forward);
    internal static void Compiled(TimeSpan time) => s_compile.Record(time.TotalSeconds);

    /// <summary>The clock before something that is waited for; 0 if nobody wants to know.</summary>
    internal static long WaitBegins() => s_wait.Enabled ? Stopwatch.GetTimestamp() : 0;

    internal static void WaitEnds(long began)
    {
        if (began != 0) s_wait.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>An activity until it is disposed; null if nobody listens.</summary>
    internal static Activity? Begin(string name) => s_activities.StartActivity(name);
}

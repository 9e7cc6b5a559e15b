using System.Diagnostics;
using System.Text;
using ILGPU.Runtime;

namespace GpuRnn.Programs;

/// <summary>What was said through .NET's traces: nowhere else does ILGPU tell why a driver refuses a kernel.</summary>
public sealed class TraceWords : TraceListener
{
    static readonly TraceWords s_words = new();
    readonly StringBuilder said = new();

    /// <summary>Listens from now on.</summary>
    public static void Listen() => Trace.Listeners.Add(s_words);

    /// <summary>What a device's failure came to: the exception's words, and what had been said before it, in one line.</summary>
    public static string Of(AcceleratorException e)
    {
        // a driver fills the rest of its buffer with zeros
        string said = string.Join(' ', s_words.said.ToString().Split(['\0', ' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return $"{e.GetType().Name}: {e.Message}{(said.Length > 0 ? $" ({said})" : "")}";
    }

    public override void Write(string? message) => said.Append(message);

    public override void WriteLine(string? message) => said.AppendLine(message);
}

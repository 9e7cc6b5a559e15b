using GpuRnn.Peers.Cases;
using Microsoft.ML.OnnxRuntime;

namespace GpuRnn.Peers.Libraries;

/// <summary>ONNX Runtime on the CPU: input and outputs are bound once, so that a call copies nothing.</summary>
sealed class OnnxRuntimePeer : IPeer
{
    readonly Case c;
    readonly InferenceSession session;
    readonly OrtIoBinding binding;
    readonly RunOptions run = new();
    readonly List<OrtValue> values = [];
    readonly float[] y;
    readonly bool quantized;

    /// <summary>Before all else: errors alone are said, and no telemetry runs beside what is measured.</summary>
    public static void Prepare()
    {
        EnvironmentCreationOptions options = new() { logId = "peers", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        OrtEnv.CreateInstanceWithOptions(ref options).DisableTelemetryEvents();
    }

    /// <param name="c">The case.</param>
    /// <param name="data">Its numbers.</param>
    /// <param name="threads">How many.</param>
    /// <param name="quantized">With DynamicQuantizeLSTM: weights, and inputs of products as they come, in 8 bits?</param>
    public OnnxRuntimePeer(Case c, CaseData data, int threads, bool quantized = false)
    {
        (this.c, this.quantized) = (c, quantized);
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        session = new(OnnxModel.Of(c, data, quantized), options);
        binding = session.CreateIoBinding();
        int last = c.Layers - 1;
        y = new float[c.Shape.T * c.Shape.B * c.OutputSize];
        binding.BindInput("x", Pin(data.X, c.Shape.T, c.Shape.B, c.Shape.I));
        binding.BindOutput($"Y{last}", Pin(y, c.Shape.T, c.Directions, c.Shape.B, c.Shape.H));
        foreach (string state in OnnxModel.States(c))
            binding.BindOutput($"{state}{last}", Pin(new float[c.Shape.B * c.OutputSize], c.Directions, c.Shape.B, c.Shape.H));
    }

    public string Library => quantized ? "onnxruntime_int8" : "onnxruntime";

    public double Tolerance => quantized ? 0.1 : 1e-4;

    OrtValue Pin(float[] array, params long[] shape)
    {
        values.Add(OrtValue.CreateTensorValueFromMemory(array, shape));
        return values[^1];
    }

    public void Call() => session.RunWithBinding(run, binding);

    /// <summary>y as PyTorch lays it out: [T, B, directions * H].</summary>
    public Dictionary<string, float[]> Results()
    {
        (int sequences, int h) = (c.Shape.B, c.Shape.H);
        float[] turned = new float[y.Length];
        for (int t = 0; t < c.Shape.T; t++)
            for (int d = 0; d < c.Directions; d++)
                for (int b = 0; b < sequences; b++)
                    y.AsSpan(((t * c.Directions + d) * sequences + b) * h, h)
                        .CopyTo(turned.AsSpan(((t * sequences + b) * c.Directions + d) * h));
        return new() { ["y"] = turned };
    }

    public void Dispose()
    {
        binding.Dispose();
        values.ForEach(value => value.Dispose());
        run.Dispose();
        session.Dispose();
    }
}

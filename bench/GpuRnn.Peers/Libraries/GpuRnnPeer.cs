using GpuRnn.Layers;
using GpuRnn.Peers.Cases;
using ILGPU.Runtime;

namespace GpuRnn.Peers.Libraries;

/// <summary>A pass of this repository's engine.</summary>
sealed class GpuRnnPeer : IPeer
{
    const string Weight = "weight_hh_l0";
    readonly Case c;
    readonly Device device;
    readonly Recurrent<float> network;
    readonly Pass<float> pass;
    readonly WeightPrecision weights;

    public GpuRnnPeer(Case c, CaseData data, Device device, WeightPrecision weights = WeightPrecision.Full)
    {
        (this.c, this.device, this.weights) = (c, device, weights);
        network = NetworkOf(c, data, device);
        pass = network.Plan(c.Shape.T, c.Shape.B, new() { Training = c.Training, WeightPrecision = weights });
        if (c.Lengths.Length > 0) pass.SetLengths(c.Shape.T, c.Lengths);
        pass.Input.CopyFromCPU(device.Stream, data.X);
        if (c.Training) pass.OutputGradient.CopyFromCPU(device.Stream, data.Dy);
    }

    public string Library => weights switch
    {
        WeightPrecision.BFloat16 => "gpurnn_bfloat16",
        WeightPrecision.Int8 => "gpurnn_int8",
        _ => "gpurnn",
    };

    public double Tolerance => weights switch
    {
        WeightPrecision.BFloat16 => 2e-2,
        WeightPrecision.Int8 => 0.1,
        _ => 1e-4,
    };

    public static Recurrent<float> NetworkOf(Case c, CaseData data, Device device)
    {
        Directions directions = c.Directions == 2 ? Directions.Concatenated : Directions.Forward;
        Recurrent<float> network =
            new(device, Cell.Named(c.Cell), c.Shape.I, c.Shape.H, new() { Layers = c.Layers, Directions = directions });
        foreach ((string name, float[] weight) in data.Weights) network.Parameters.Set(name, weight);
        return network;
    }

    public void Call()
    {
        pass.Forward();
        if (c.Training) pass.Backward();
        device.Synchronize();
    }

    public Dictionary<string, float[]> Results()
    {
        float[] y = new float[c.Shape.T * c.Shape.B * c.OutputSize];
        pass.Output.CopyToCPU(device.Stream, y);
        Dictionary<string, float[]> results = new() { ["y"] = y };
        if (!c.Training) return results;
        float[] dx = new float[c.Shape.T * c.Shape.B * c.Shape.I];
        pass.GetInputGradient(dx);
        results["dx"] = dx;
        results[Weight] = network.Parameters.GetGradient(Weight);
        return results;
    }

    public void Dispose()
    {
        pass.Dispose();
        network.Dispose();
    }
}

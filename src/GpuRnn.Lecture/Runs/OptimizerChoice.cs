using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Runs;

/// <summary>Optimizers by the names that --optimizer takes.</summary>
public static class OptimizerChoice
{
    public const string Names = "sgd, momentum, nesterov, rmsprop, adam, adamw";

    /// <summary>Vectors (biases) do not decay.</summary>
    public static Optimizer<float> Make(Parameters<float> parameters, TrainOptions o)
    {
        ParameterGroup[] groups = [ParameterGroup.VectorsDoNotDecay];
        return o.Optimizer switch
        {
            "sgd" => new Sgd<float>(parameters, o.Rate, 0, o.WeightDecay, o.ClipOptions, groups: groups),
            "momentum" => new Sgd<float>(parameters, o.Rate, 0.9, o.WeightDecay, o.ClipOptions, groups: groups),
            "nesterov" => new Sgd<float>(parameters, o.Rate, 0.9, o.WeightDecay, o.ClipOptions, nesterov: true, groups: groups),
            "rmsprop" => new RmsProp<float>(parameters, o.Rate, weightDecay: o.WeightDecay, clip: o.ClipOptions, groups: groups),
            "adam" =>
                new Adam<float>(parameters, o.Rate, weightDecay: o.WeightDecay, decoupled: false, clip: o.ClipOptions, groups: groups),
            _ => new Adam<float>(parameters, o.Rate, weightDecay: o.WeightDecay, clip: o.ClipOptions, groups: groups),
        };
    }

    public static void Check(string name)
    {
        if (!Names.Split(", ").Contains(name)) throw new GpuRnnException($"There is no optimizer '{name}'. There is: {Names}.");
    }
}

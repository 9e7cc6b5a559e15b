using GpuRnn.Data;
using GpuRnn.Layers;
using GpuRnn.Training;

namespace GpuRnn.Lecture.Labs.Gradients;

/// <summary>A training run: loss and norm of the gradient at each step, until it was no number any more.</summary>
sealed record ExplosionRun(string Name, double[] Losses, double[] Norms, bool Diverged, double[] SingularBefore, double[] SingularAfter)
{
    /// <summary>The mean loss of the last 50 steps.</summary>
    public double Last => Diverged ? double.NaN : Losses.TakeLast(50).Average();
}

/// <summary>
/// A task that explodes: an RNN of rectifiers whose W_hh begins as the unit matrix (Le, Jaitly and Hinton 2015) reads 100 numbers and
/// gives their mean, by plain gradient descent. One step along a gradient that has grown over 100 steps throws the weights away, unless
/// it is clipped (Pascanu, Mikolov and Bengio 2013, section 3.2).
/// </summary>
static class ExplosionStudy
{
    const int T = 100, B = 32;
    const double Rate = 0.01;

    public static ExplosionRun Run(Device device, int hidden, int steps, int seed, double clip, string name, Action<double> progress,
        CancellationToken cancel)
    {
        using Parameters<float> parameters = new(device);
        using Recurrent<float> network = new(parameters, Cell.RnnRelu, 1, hidden);
        using Dense<float> head = new(parameters, hidden, 1);
        network.Initialize(seed);
        head.Initialize(seed);
        HiddenWeights.Set(network, HiddenWeights.Identity(hidden));
        double[] before = HiddenWeights.SingularValues(HiddenWeights.Get(network));
        using Pass<float> pass = network.Plan(T, B, new() { Training = true, InputGradient = false });
        using DensePass<float> loss = head.Plan(pass, Loss.MeanSquaredError, lastOnly: true);
        using Sgd<float> sgd = new(parameters, Rate, clip: new() { Norm = clip, NonFinite = NonFinite.Skip });
        SplitMix random = new((ulong)seed);
        List<double> losses = [], norms = [];
        for (int step = 0; step < steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            float[] x = [.. Enumerable.Range(0, T * B).Select(_ => (float)random.Uniform())];
            pass.Forward(x, []);
            loss.SetTargets([.. Enumerable.Range(0, B).Select(b => Enumerable.Range(0, T).Average(t => x[t * B + b]))]);
            loss.Forward(gradient: true);
            double value = loss.ReadLoss();
            loss.Backward();
            pass.Backward();
            double norm = sgd.Step();
            if (!double.IsFinite(value) || !double.IsFinite(norm)) return new(name, [.. losses], [.. norms], true, before, []);
            losses.Add(value);
            norms.Add(norm);
            progress((double)step / steps);
        }
        return new(name, [.. losses], [.. norms], false, before, HiddenWeights.SingularValues(HiddenWeights.Get(network)));
    }
}

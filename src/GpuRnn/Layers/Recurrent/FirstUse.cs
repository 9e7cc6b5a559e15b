using GpuRnn.Backends;
using GpuRnn.Data;
using GpuRnn.Devices;
using GpuRnn.Memory;
using ILGPU.Runtime;

namespace GpuRnn.Layers;

/// <summary>
/// The first use of fast kernels on a device: a small batch of ragged sequences runs through them and through the portable ones, which run
/// from then on if the two do not agree.
/// </summary>
static class FirstUse
{
    const int Steps = 6, Inputs = 5;

    /// <summary>Largest difference, of the largest number; where gates are stored in fewer bits, one may be rounded another way.</summary>
    const double Tolerance = 1e-4, ShortTolerance = 0.05;

    /// <summary>Compares what a proof asks for, unless that has been done.</summary>
    /// <returns>Was something compared, so that another way may be the best now?</returns>
    public static bool Check<E>(Device device, LayerShape shape, Storage storage, Strategy strategy, Proof proof, bool training)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        if (device.Backend.Trust is not { } trust || trust.Knows(proof.Key)) return false;
        trust.Begin(proof.Key, proof.Name);
        try
        {
            string? wrong = Compare<E>(device, shape, storage, strategy, proof.Sequences, training);
            trust.Judge(proof.Key, wrong, keep: true);
        }
        catch (Exception e) when (e is GpuRnnException or InvalidOperationException or AcceleratorException)
        {
            // that the driver refuses a launch, or that something took too long, may be otherwise next time
            trust.Judge(proof.Key, e.Message, keep: false);
        }
        if (trust.Refuses(proof.Key)) device.Logger.NotTrusted(trust.Lines[^1]);
        return true;
    }

    /// <summary>What differs; null if nothing does.</summary>
    static string? Compare<E>(Device device, LayerShape shape, Storage storage, Strategy strategy, int sequences, bool training)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        using Recurrent<E> network = new(device, shape.Cell, Inputs, shape.Units, new()
        {
            IndexInput = shape.IndexInput, ProjectionSize = shape.Cell.Projects ? shape.Outputs : 0, Storage = storage,
        });
        network.Initialize(1);
        Dictionary<string, E[]> expected = Run(network, Strategy.HiddenOwned, sequences, training);
        Dictionary<string, E[]> got = Run(network, strategy, sequences, training);
        double tolerance = storage.Gates == Storage.Plain(typeof(E)).Gates ? Tolerance : ShortTolerance;
        foreach ((string name, E[] right) in expected)
        {
            double largest = 1e-3, off = 0;
            for (int i = 0; i < right.Length; i++)
            {
                double wanted = Element.ToDouble(right[i]), difference = Math.Abs(Element.ToDouble(got[name][i]) - wanted);
                largest = Math.Max(largest, Math.Abs(wanted));
                if (!(difference <= off)) off = difference; // what is no number is not less
            }
            if (!(off <= tolerance * largest))
                return FormattableString.Invariant($"{name} differs by {off / largest:E1} of its largest number in a comparison");
        }
        return null;
    }

    static Dictionary<string, E[]> Run<E>(Recurrent<E> network, Strategy strategy, int sequences, bool training)
        where E : unmanaged, IFloatingPointIeee754<E>
    {
        using Pass<E> pass = network.Plan(Steps, sequences, new() { Training = training, Strategy = strategy });
        pass.SetLengths(Steps, [.. Enumerable.Range(0, sequences).Select(b => b % 4 == 3 ? b % 3 : Steps - b % 3)]);
        SplitMix random = new(1);
        Dictionary<string, E[]> all = [];
        all["y"] = network.Options.IndexInput
            ? pass.Forward([.. Enumerable.Range(0, Steps * sequences).Select(_ => random.Below(Inputs))])
            : pass.Forward(Numbers(Steps * sequences * Inputs));
        E[] final = all["the last h"] = new E[pass.FinalH.Length];
        network.Device.Download(pass.FinalH, final);
        if (!training) return all;
        pass.Backward(Numbers(Steps * sequences * network.OutputSize), Numbers(sequences * network.SizeOfH),
            network.HasC ? Numbers(sequences * network.SizeOfC) : []);
        if (!network.Options.IndexInput) pass.GetInputGradient(all["dx"] = new E[Steps * sequences * Inputs]);
        pass.GetInitialStateGradients(all["dh of the first states"] = new E[sequences * network.SizeOfH]);
        foreach (Parameter p in network.Parameters.All) all[$"the gradient of {p.Name}"] = network.Parameters.GetGradient(p.Name);
        return all;

        E[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Element.Of<E>(2 * random.Uniform() - 1))];
    }
}

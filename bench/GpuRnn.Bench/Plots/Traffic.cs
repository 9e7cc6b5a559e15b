using GpuRnn.Measuring.Results;

namespace GpuRnn.Bench.Plots;

/// <summary>
/// The least that a call must move between memory and processor, in bytes: every array that it reads or writes counts once, as if caches
/// were without end within a call and empty before it. Forward: weights, biases, x, y, initial and final states. Training: the gradients
/// of all of these too, and the gates and states c that the backward pass needs of the forward one. A layer's output counts once although
/// the next layer reads it. It is the same for all libraries, so it says nothing about what each really moves: only from where on memory
/// cannot be the limit.
/// </summary>
static class Traffic
{
    public static double Bytes(PeerResult r)
    {
        int ends = (r.Cell == "lstm" ? 2 : 1) * 2 * r.B * r.H; // h, and c of an LSTM, before and after
        double weights = r.InputSizes.Sum(size => (double)r.Gates * r.H * (size + r.H + 2)) * r.Directions;
        double outputs = r.Layers * r.Directions * (r.Rows * r.H + ends), inputs = r.Rows * r.I;
        double saved = r.Layers * r.Directions * r.Rows * r.H * (r.Gates + (r.Cell == "lstm" ? 1 : 0));
        double once = weights + outputs + inputs;
        return sizeof(float) * (r.Training ? 2 * once + saved : once);
    }
}

namespace GpuRnn.Backends;

/// <summary>The layout that the CPU's and the portable ways share: panels of `width` units.</summary>
static class PanelSizes
{
    public static int Panels(int units, int width) => (units + width - 1) / width;

    /// <summary>Packed weights: panels of units forward, blocks of columns back.</summary>
    public static PackedSizes[] Packed(LayerShape layer, int width, Storage storage)
    {
        int bytes = storage.WeightBytes;
        long Back(int columns, int panels, int slots) => (long)Panels(columns, width) * width * panels * slots * width * bytes;
        return [.. layer.Stages.Select(s =>
        {
            int panels = Panels(s.Units, width);
            long units = (long)panels * width;
            return new PackedSizes(
                units * s.Numbers.InputSlots * storage.RowBytes(layer.Inputs), units * s.Numbers.HiddenSlots * storage.RowBytes(s.Operands),
                units * s.Numbers.Slots, units * s.Numbers.UnitParameters,
                layer.IndexInput ? 0 : Back(layer.Inputs, panels, s.Numbers.InputSlots), Back(s.Operands, panels, s.Numbers.HiddenSlots));
        })];
    }

    /// <summary>Working memory for so many gate rows.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="width">Units of a panel.</param>
    /// <param name="bytes">Of a slot of a gate row.</param>
    /// <param name="rows">Gate rows that are kept; 0 if none are.</param>
    /// <param name="sequences">Sequences, at most.</param>
    /// <param name="training">Is it for training?</param>
    /// <param name="slices">How often parameters' gradients are summed in packed form.</param>
    public static WorkSizes Work(LayerShape layer, int width, int bytes, int rows, int sequences, bool training, int slices)
    {
        // panels a multiple of 4 KB apart would share cache sets
        int stride = checked(PaddedStride(rows * width, width));
        return new(stride, training && layer.HasC ? (long)rows * layer.Units : 0, 0, 0, 0, [.. layer.Stages.Select((s, i) =>
        {
            long panels = Panels(s.Units, width), units = panels * width;
            bool more = i + 1 < layer.Stages.Count;
            long sums = training ? units * slices : 0;
            return new StageSizes(
                rows == 0 ? 0 : stride * panels * s.Numbers.Slots * bytes, 0, (long)rows * s.Numbers.Statistics,
                more ? (long)rows * s.Units : 0, more && training ? (long)sequences * s.Units : 0,
                sums * s.Numbers.InputSlots * layer.Inputs, sums * s.Numbers.HiddenSlots * s.Operands, sums * s.Numbers.Slots,
                sums * s.Numbers.UnitParameters);
        })]);
    }

    static int PaddedStride(int elements, int width) => (elements / width | 1) * width + (elements / width % 2 == 0 ? 0 : 2 * width);
}

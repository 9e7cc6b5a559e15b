using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Backends;

/// <summary>The type of a layer's tile, from those of its stages.</summary>
static class TileTypes
{
    /// <summary>Where stages stand: as many types as stages.</summary>
    public static Type[] Places(int stages) => stages switch
    {
        1 => [typeof(OnlyPlace)],
        2 => [typeof(FirstPlace), typeof(SecondPlace)],
        _ => [typeof(FirstPlace), typeof(MiddlePlace), typeof(ThirdPlace)],
    };

    /// <summary>The list of stages as one tile.</summary>
    public static Type List(Type element, Type worker, IReadOnlyList<Type> stages)
    {
        Type list = typeof(LastStage<,,>).MakeGenericType(element, worker, stages[^1]);
        for (int i = stages.Count - 2; i >= 0; i--) list = typeof(StagesFrom<,,,,>)
            .MakeGenericType(element, worker, stages[i], stages[i + 1], list);
        return list;
    }
}

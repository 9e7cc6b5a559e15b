namespace GpuRnn.Kernels.Recurrent;

/// <summary>What the fields of a launch's arguments are told to, one by one.</summary>
interface IArgumentList
{
    /// <summary>A number.</summary>
    void Add(int number);
    /// <summary>Memory.</summary>
    void Add<T>(in Buffer<T> memory) where T : unmanaged;
}

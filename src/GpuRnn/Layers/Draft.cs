namespace GpuRnn.Layers;

/// <summary>
/// A part of a model that is being made. Unless it is kept, nothing of it is left when its constructor ends: a program that was refused
/// may build another in its place.
/// </summary>
/// <param name="undo">Takes back what it declared, and frees what it holds.</param>
sealed class Draft(Action undo) : IDisposable
{
    bool kept;

    /// <summary>The part is whole.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        if (!kept) undo();
    }
}

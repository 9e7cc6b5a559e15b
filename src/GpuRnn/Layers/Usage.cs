using GpuRnn.Devices;

namespace GpuRnn.Layers;

/// <summary>
/// One thread at a time uses a model: its parameters, networks, passes, optimizers and stores. A second one is refused while the first is
/// inside a call; calls inside calls of one thread are fine. Parts enter through their <see cref="Guard"/>.
/// </summary>
sealed class Usage(Device device)
{
    int owner, depth;
    bool onDevice;

    public Device Device => device;

    /// <summary>Until <see cref="Leave"/> the model is this thread's, and its device stays open.</summary>
    /// <param name="closing">Is something disposed of? That may be done after the device.</param>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    public void Enter(bool closing)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref owner) != thread)
        {
            if (Interlocked.CompareExchange(ref owner, thread, 0) != 0)
                throw new InvalidOperationException("Another thread uses this model: one at a time, or one model a thread.");
            onDevice = device.TryEnter();
            if (!onDevice && !closing)
            {
                Volatile.Write(ref owner, 0);
                device.ThrowIfDisposed();
            }
        }
        depth++;
    }

    public void Leave()
    {
        if (--depth > 0) return;
        if (onDevice) device.Leave();
        Volatile.Write(ref owner, 0);
    }
}

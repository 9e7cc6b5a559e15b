using GpuRnn.Kernels.Recurrent;

namespace GpuRnn.Backends.Recorded;

/// <summary>
/// The runs of one pass over lists of launches. A run that comes again with the same arguments is recorded, and from then on replayed. Some
/// recordings are kept side by side: passes that take turns between two batches, or whose states go to and fro, have them all.
/// </summary>
/// <param name="recorder">What records; null where nothing can.</param>
/// <param name="most">Runs that are known at a time.</param>
sealed class RecordedRuns<E>(Recorder? recorder, int most) : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>Launches from which on a recording is worth it.</summary>
    const int Least = 8;
    sealed class Known
    {
        public readonly ArgumentKey Key = new();
        public Launch<E>[]? Launches;
        public Recording? Recording;
        public long Used;
    }

    readonly ArgumentKey now = new();
    readonly List<Known> known = [];
    Recorder? recorder = recorder;
    long clock;

    /// <summary>Runs a list over the arguments' steps.</summary>
    public void Run(Launch<E>[] launches, in SequenceArguments<E> a, bool back = false)
    {
        if (recorder is null || LayerProgram<E>.Count(launches, a) < Least)
        {
            LayerProgram<E>.Run(launches, a, back);
            return;
        }
        now.Fill(a);
        Known? again = Find(launches);
        if (again is null)
        {
            Remember(launches);
            LayerProgram<E>.Run(launches, a, back);
            return;
        }
        again.Used = ++clock;
        if (again.Recording is null) again.Recording = Record(launches, a, back); // which counts its launches
        else Telemetry.Launched(LayerProgram<E>.Count(launches, a));
        if (again.Recording is { } recording) recording.Replay();
        else LayerProgram<E>.Run(launches, a, back);
    }

    Known? Find(Launch<E>[] launches)
    {
        foreach (Known k in known)
            if (k.Launches == launches && k.Key.Equals(now)) return k;
        return null;
    }

    Recording? Record(Launch<E>[] launches, SequenceArguments<E> a, bool back)
    {
        Recording? made = recorder!.Record(() => LayerProgram<E>.Run(launches, a, back));
        if (made is null) recorder = null; // it would refuse again
        return made;
    }

    void Remember(Launch<E>[] launches)
    {
        Known place;
        if (known.Count < most) known.Add(place = new());
        else
        {
            place = known[0];
            foreach (Known k in known)
                if (k.Used < place.Used) place = k;
            place.Recording?.Dispose();
            place.Recording = null;
        }
        (place.Launches, place.Used) = (launches, ++clock);
        place.Key.CopyFrom(now);
    }

    public void Dispose()
    {
        foreach (Known k in known) k.Recording?.Dispose();
        known.Clear();
    }
}

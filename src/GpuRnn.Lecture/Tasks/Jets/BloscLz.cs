namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// BloscLZ, a kind of FastLZ: literal bytes, and matches that repeat bytes already written.
/// </summary>
static class BloscLz
{
    const int NearestFar = 8191;

    /// <summary>
    /// A control byte below 32 is so many literals and one; else its upper 3 bits are a match's length, its lower 5 the upper bits of a
    /// distance, and an all-ones distance is followed by 16 bits of a far one.
    /// </summary>
    /// <returns>Bytes written; -1 for input that is broken. Nothing beyond the spans is read or written.</returns>
    public static int Decode(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        int from = 0, to = 0;
        bool first = true;
        while (from < packed.Length)
        {
            int control = packed[from++];
            // the first one is literals, whatever marks it has
            if (first) control &= 31;
            first = false;
            if (control < 32)
            {
                if (!Copy(packed, ref from, into, ref to, control + 1)) return -1;
                continue;
            }
            int length = Length(packed, ref from, (control >> 5) - 1, 6);
            if (from >= packed.Length) return -1;
            int low = packed[from++], distance = ((control & 31) << 8) + low + 1;
            if (distance == NearestFar + 1)
            {
                if (from + 2 > packed.Length) return -1;
                distance = (packed[from] << 8 | packed[from + 1]) + NearestFar + 1;
                from += 2;
            }
            if (!Repeat(into, ref to, distance, length + 3)) return -1;
        }
        return to;
    }

    /// <summary>A length that goes on in further bytes while they are 255; negative where the input ends first.</summary>
    static int Length(ReadOnlySpan<byte> packed, ref int from, int length, int more)
    {
        if (length != more) return length;
        byte next;
        do
        {
            if (from >= packed.Length) return int.MinValue;
            length += next = packed[from++];
        }
        while (next == 255);
        return length;
    }

    static bool Copy(ReadOnlySpan<byte> packed, ref int from, Span<byte> into, ref int to, int length)
    {
        if (length < 0 || length > packed.Length - from || length > into.Length - to) return false;
        packed.Slice(from, length).CopyTo(into[to..]);
        (from, to) = (from + length, to + length);
        return true;
    }

    static bool Repeat(Span<byte> into, ref int to, int distance, int length)
    {
        if (length < 0 || length > into.Length - to || distance < 1 || distance > to) return false;
        // byte by byte: a match may reach into what it writes
        for (int i = 0; i < length; i++, to++) into[to] = into[to - distance];
        return true;
    }
}

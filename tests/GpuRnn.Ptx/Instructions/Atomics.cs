using GpuRnn.Ptx.Machine;
using GpuRnn.Ptx.Memory;
using GpuRnn.Ptx.Text;

namespace GpuRnn.Ptx.Instructions;

/// <summary>Changes of a word that nobody comes between.</summary>
static class Atomics
{
    sealed unsafe class Atomic(Places place, int to, int a, int b, Func<ulong, ulong, ulong, ulong> change, bool acquire, bool release)
        : Instruction
    {
        public override void Run(Fragment fragment, uint lanes)
        {
            Warp warp = fragment.Warp;
            ReadOnlySpan<ulong> column = warp.Read(place.Base, lanes), first = warp.Read(a, lanes), second = warp.Read(b, lanes);
            Span<ulong> before = stackalloc ulong[Names.Lanes];
            for (int lane = 0; lane < Names.Lanes; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                ulong address = place.Address(warp, column, lane), x = first[lane], y = second[lane];
                if (place.Space == "global")
                {
                    Allocation memory = warp.Grid.Memory.Find(address, place.Size, warp, lane);
                    long offset = Allocation.Offset(address);
                    memory.Shadow.Write(offset, place.Size, warp, lane, strong: true);
                    before[lane] = warp.Grid.Order.Exchange(
                        warp, lane, memory, offset, place.Size, old => change(old, x, y), acquire, release);
                }
                else
                {
                    BlockMemory shared = warp.Block.Shared;
                    ulong old = Bytes(shared.Read(address, place.Size, warp, lane)), made = change(old, x, y);
                    shared.Shadow.Write((long)address, place.Size, warp, lane, strong: true);
                    Span<byte> bytes = shared.Write(address, place.Size, warp, lane);
                    for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(made >> 8 * i);
                    before[lane] = old;
                }
            }
            if (to < 0) return;
            Span<ulong> result = warp.Write(to, lanes);
            for (int lane = 0; lane < Names.Lanes; lane++)
                if ((lanes >> lane & 1) != 0) result[lane] = before[lane];
        }

        static ulong Bytes(ReadOnlySpan<byte> bytes)
        {
            ulong value = 0;
            for (int i = 0; i < bytes.Length; i++) value |= (ulong)bytes[i] << 8 * i;
            return value;
        }
    }

    public static Instruction? Decode(Statement s, Names names)
    {
        string[] o = s.Operands;
        bool result = s.Words[0] == "atom";
        int first = result ? 1 : 0;
        string what = s.Words[^2];
        Func<ulong, ulong, ulong, ulong>? change = Change(what, s.Type);
        if (change is null || !s.Has("global") && !s.Has("shared") || s.Has("cta") && s.Has("global")) return null;
        int a = names.Column(o[first + 1], s.Type), b = o.Length > first + 2 ? names.Column(o[first + 2], s.Type) : a;
        bool both = s.Has("acq_rel");
        return new Atomic(Places.Of(s, names, o[first]), result ? names.Target(o[0]) : -1, a, b, change, both || s.Has("acquire"),
            both || s.Has("release"));
    }

    static Func<ulong, ulong, ulong, ulong>? Change(string what, string type) => (what, type) switch
    {
        ("exch", _) => (_, a, _) => a,
        ("cas", "b32" or "u32" or "s32") => (old, a, b) => (uint)old == (uint)a ? (uint)b : (uint)old,
        ("cas", _) => (old, a, b) => old == a ? b : old,
        ("and", _) => (old, a, _) => old & a,
        ("or", _) => (old, a, _) => old | a,
        ("xor", _) => (old, a, _) => old ^ a,
        ("add", "u32" or "s32") => (old, a, _) => (uint)(old + a),
        ("add", "u64" or "s64") => (old, a, _) => old + a,
        ("add", "f32") => (old, a, _) => BitConverter.SingleToUInt32Bits(
            BitConverter.UInt32BitsToSingle((uint)old) + BitConverter.UInt32BitsToSingle((uint)a)),
        ("add", "f64") => (old, a, _) => BitConverter.DoubleToUInt64Bits(
            BitConverter.UInt64BitsToDouble(old) + BitConverter.UInt64BitsToDouble(a)),
        ("inc", "u32") => (old, a, _) => (uint)old >= (uint)a ? 0 : (uint)old + 1,
        ("min", "u32") => (old, a, _) => Math.Min((uint)old, (uint)a),
        ("max", "u32") => (old, a, _) => Math.Max((uint)old, (uint)a),
        ("min", "s32") => (old, a, _) => (uint)Math.Min((int)old, (int)a),
        ("max", "s32") => (old, a, _) => (uint)Math.Max((int)old, (int)a),
        _ => null,
    };
}

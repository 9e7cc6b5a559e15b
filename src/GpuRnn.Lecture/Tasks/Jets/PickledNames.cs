using System.Buffers.Binary;
using System.Text;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// A list of texts as Python's pickle writes it, in protocols 0 to 5: pandas keeps the names of columns so. Only what such a list takes is
/// understood, and nothing is ever run, which a pickle of other things could ask for.
/// </summary>
static class PickledNames
{
    /// <summary>The texts; null when it is something else.</summary>
    public static List<string>? Read(ReadOnlySpan<byte> pickle)
    {
        List<string> names = [];
        for (int at = 0; at < pickle.Length;)
        {
            byte operation = pickle[at++];
            switch ((char)operation)
            {
                case '.': return names; // STOP
                case '(' or ']' or 'l' or 'a' or 'e' or '\x94': break; // MARK, lists; MEMOIZE: the order of texts says it all
                case '\x80' or 'q': at++; break; // PROTO, BINPUT
                case 'r': at += 4; break; // LONG_BINPUT
                case '\x95': at += 8; break; // FRAME
                case 'p': // PUT
                    if (Line(pickle, ref at) is null) return null;
                    break;
                case 'V' or 'S': // UNICODE and STRING (of Python 2, in quotes)
                    if (Line(pickle, ref at) is not { } line) return null;
                    names.Add(operation == 'S' ? line.Trim('\'', '"') : line);
                    break;
                case 'X' or '\x8c' or 'U' or 'T': // BINUNICODE, SHORT_BINUNICODE, SHORT_BINSTRING, BINSTRING
                    bool isLong = operation is (byte)'X' or (byte)'T';
                    if (at + (isLong ? 4 : 1) > pickle.Length) return null;
                    long length = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(pickle[at..]) : pickle[at];
                    at += isLong ? 4 : 1;
                    if (at + length > pickle.Length) return null;
                    names.Add(Encoding.UTF8.GetString(pickle.Slice(at, (int)length)));
                    at += (int)length;
                    break;
                default: return null;
            }
        }
        return null;
    }

    static string? Line(ReadOnlySpan<byte> pickle, ref int at)
    {
        int length = pickle[at..].IndexOf((byte)'\n');
        if (length < 0) return null;
        string line = Encoding.UTF8.GetString(pickle.Slice(at, length));
        at += length + 1;
        return line;
    }
}

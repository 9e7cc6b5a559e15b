using System.Text.Unicode;

namespace GpuRnn.Interop;

/// <summary>
/// What bytes have to be to be text here: UTF-8 without a NUL, which no text has, and encodings of two or four bytes a letter have many of.
/// </summary>
public static class Utf8Text
{
    /// <summary>What is wrong with them, to stand behind a file's name; null for nothing.</summary>
    /// <param name="bytes">All bytes of a file.</param>
    public static string? Fault(ReadOnlySpan<byte> bytes) =>
        bytes.Contains((byte)0) ? "has a character of code 0. Is this UTF-16, or no text? Convert the file to UTF-8 first."
        : !Utf8.IsValid(bytes) ? "is not UTF-8 text. Convert the file first."
        : null;
}

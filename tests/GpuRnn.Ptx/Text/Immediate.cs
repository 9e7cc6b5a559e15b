using System.Globalization;

namespace GpuRnn.Ptx.Text;

/// <summary>Numbers in instructions: 12, -1, 0x1F, 0f3F800000, 0d3FF0000000000000, 1.5.</summary>
static class Immediate
{
    /// <summary>Its bits as a register of a type has them; null for what is no number.</summary>
    public static ulong? Bits(string text, string type)
    {
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase) && text.Length == 10 && type != "b64")
        {
            uint bits = uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return type == "f64" ? BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(bits)) : bits;
        }
        if (text.StartsWith("0d", StringComparison.OrdinalIgnoreCase) && text.Length == 18)
        {
            ulong bits = ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return type == "f32" ? BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(bits)) : bits;
        }
        bool negative = text.StartsWith('-');
        string digits = (negative ? text[1..] : text).TrimEnd('U');
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0])) return null;
        if (type is "f32" or "f64")
        {
            double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return type == "f64" ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits((float)value);
        }
        bool hexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        ulong number = hexadecimal ? ulong.Parse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return unchecked(negative ? (ulong)-(long)number : number);
    }
}

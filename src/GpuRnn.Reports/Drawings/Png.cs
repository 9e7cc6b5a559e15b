using System.Runtime.InteropServices;
using SkiaSharp;

namespace GpuRnn.Reports.Drawings;

/// <summary>Pictures as Skia's bitmaps and as PNG.</summary>
static class Png
{
    /// <summary>The caller disposes of it.</summary>
    public static SKBitmap Bitmap(RgbPicture picture)
    {
        SKBitmap bitmap = new(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        ReadOnlySpan<byte> bytes = picture.Bytes;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (uint)(bytes[3 * i] | bytes[3 * i + 1] << 8 | bytes[3 * i + 2] << 16) | 0xFF000000;
        return bitmap;
    }

    public static byte[] Encode(RgbPicture picture)
    {
        using SKBitmap bitmap = Bitmap(picture);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}

using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tasks.Captions;

/// <summary>
/// A picture as a sequence: windows of 12 x 12 pixels, 5 apart, row by row - 5 x 5 steps, each of 3 numbers a pixel, how far it is
/// from the picture's middle colour, then that colour, from -1 to 1, and a one for the window's row and its column. Windows overlap so
/// that whatever lies on the border of one is whole in another. Pictures of other sizes than <see cref="Side"/> are first brought to it.
/// </summary>
static class Patches
{
    /// <summary>Pixels of a side, once a picture has been brought to size.</summary>
    public const int Side = 32;
    const int Window = 12, Stride = 5, Across = (Side - Window) / Stride + 1;

    /// <summary>Steps of the sequence.</summary>
    public const int Steps = Across * Across;

    /// <summary>Numbers a step.</summary>
    public const int Size = 3 * Window * Window + 3 + 2 * Across;

    /// <summary>[steps, size].</summary>
    public static float[] Of(RgbPicture picture)
    {
        byte[] pixels = picture.Width == Side && picture.Height == Side ? picture.Bytes : ToSize(picture);
        float[] all = new float[Steps * Size], middle = [Middle(pixels, 0), Middle(pixels, 1), Middle(pixels, 2)];
        int at = 0;
        for (int row = 0; row < Across; row++)
            for (int column = 0; column < Across; column++, at += 2 * Across)
            {
                for (int y = 0; y < Window; y++)
                {
                    int from = ((row * Stride + y) * Side + column * Stride) * 3;
                    for (int i = 0; i < 3 * Window; i++) all[at++] = (pixels[from + i] - middle[i % 3]) / 127.5f;
                }
                foreach (float level in middle) all[at++] = level / 127.5f - 1;
                all[at + row] = all[at + Across + column] = 1;
            }
        return all;
    }

    /// <summary>The median of a channel: the background's, where figures cover less than half of it.</summary>
    static float Middle(byte[] pixels, int channel)
    {
        Span<int> counts = stackalloc int[256];
        for (int i = channel; i < pixels.Length; i += 3) counts[pixels[i]]++;
        int level = 0;
        for (int below = counts[0]; 2 * below < pixels.Length / 3; below += counts[level]) level++;
        return level;
    }

    /// <summary>Every pixel is the mean of the part of the picture that it covers.</summary>
    static byte[] ToSize(RgbPicture picture)
    {
        byte[] small = new byte[3 * Side * Side];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
                for (int c = 0; c < 3; c++) small[(y * Side + x) * 3 + c] = Mean(picture, x, y, c);
        return small;
    }

    static byte Mean(RgbPicture p, int x, int y, int channel)
    {
        double left = (double)x * p.Width / Side,
            right = (x + 1.0) * p.Width / Side,
            top = (double)y * p.Height / Side,
            bottom = (y + 1.0) * p.Height / Side,
            sum = 0;
        for (int row = (int)top; row < Math.Min(p.Height, Math.Ceiling(bottom)); row++)
            for (int column = (int)left; column < Math.Min(p.Width, Math.Ceiling(right)); column++)
            {
                double covered = (Math.Min(row + 1, bottom) - Math.Max(row, top)) * (Math.Min(column + 1, right) - Math.Max(column, left));
                sum += covered * p.Bytes[(row * p.Width + column) * 3 + channel];
            }
        return (byte)Math.Clamp(Math.Round(sum / ((right - left) * (bottom - top))), 0, 255);
    }
}

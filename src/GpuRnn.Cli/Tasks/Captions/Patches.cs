using GpuRnn.Cli.Reports;

namespace GpuRnn.Cli.Tasks.Captions;

/// <summary>
/// A picture as a sequence: windows of 12 x 12 pixels, 5 apart, row by row - 5 x 5 steps, each of 3 numbers a pixel from
/// -1 to 1 and a one for its row and its column. Windows overlap so that whatever lies on the border of one is whole in another. Pictures of other sizes than <see cref="Side"/> are first brought to it.
/// </summary>
static class Patches
{
    /// <summary>Pixels of a side, once a picture has been brought to size.</summary>
    public const int Side = 32;
    const int Window = 12, Stride = 5, Across = (Side - Window) / Stride + 1;

    /// <summary>Steps of the sequence.</summary>
    public const int Steps = Across * Across;

    /// <summary>Numbers a step.</summary>
    public const int Size = 3 * Window * Window + 2 * Across;

    /// <summary>[steps, size].</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="right">Pixels that it is moved by first; what comes in at an edge repeats it.</param>
    /// <param name="down">The same downwards.</param>
    public static float[] Of(RgbPicture picture, int right = 0, int down = 0)
    {
        byte[] pixels = picture.Width == Side && picture.Height == Side ? picture.Bytes : ToSize(picture);
        float[] all = new float[Steps * Size];
        int at = 0;
        for (int row = 0; row < Across; row++)
            for (int column = 0; column < Across; column++, at += 2 * Across)
            {
                for (int y = 0; y < Window; y++)
                {
                    int line = Math.Clamp(row * Stride + y - down, 0, Side - 1) * Side;
                    for (int x = 0; x < Window; x++)
                    {
                        int from = (line + Math.Clamp(column * Stride + x - right, 0, Side - 1)) * 3;
                        for (int c = 0; c < 3; c++) all[at++] = pixels[from + c] / 127.5f - 1;
                    }
                }
                all[at + row] = all[at + Across + column] = 1;
            }
        return all;
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
        double left = (double)x * p.Width / Side, right = (x + 1.0) * p.Width / Side, top = (double)y * p.Height / Side, bottom = (y + 1.0) * p.Height / Side, sum = 0;
        for (int row = (int)top; row < Math.Min(p.Height, Math.Ceiling(bottom)); row++)
            for (int column = (int)left; column < Math.Min(p.Width, Math.Ceiling(right)); column++)
            {
                double covered = (Math.Min(row + 1, bottom) - Math.Max(row, top)) * (Math.Min(column + 1, right) - Math.Max(column, left));
                sum += covered * p.Bytes[(row * p.Width + column) * 3 + channel];
            }
        return (byte)Math.Clamp(Math.Round(sum / ((right - left) * (bottom - top))), 0, 255);
    }
}

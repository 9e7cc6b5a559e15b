using GpuRnn.Reports.Drawings;

namespace GpuRnn.Reports;

/// <summary>A picture: 3 bytes (red, green, blue) a pixel, row by row from the top.</summary>
public sealed record RgbPicture
{
    /// <exception cref="ArgumentException">A size below 1, or bytes that are not 3 * width * height.</exception>
    public RgbPicture(int width, int height, byte[] bytes)
    {
        if (width < 1 || height < 1 || bytes.LongLength != 3L * width * height)
            throw new ArgumentException($"A picture of {width} x {height} pixels has 3 bytes a pixel; here are {bytes.Length} bytes.");
        (Width, Height, Bytes) = (width, height, bytes);
    }

    public int Width { get; }
    public int Height { get; }
    public byte[] Bytes { get; }
}

/// <summary>A picture on a sheet; Right puts a tick or a cross into its corner.</summary>
public sealed record SheetPicture(RgbPicture Picture, string Caption, bool? Right = null);

/// <summary>A grid of small pictures with captions below them.</summary>
public sealed record ImageSheet(string Title, IReadOnlyList<SheetPicture> Pictures) : Chart(Title)
{
    public override string Description =>
        $"{Title}. {Pictures.Count} pictures with captions: {string.Join("; ", Pictures.Take(20).Select(p => p.Caption))}.";
    internal override Drawing Layout(double width) => new ImageSheetDrawing(this, width);
}

namespace GpuRnn.Reports.Drawings;

/// <summary>A sheet of pictures in equal cells, captions wrapped below them.</summary>
sealed class ImageSheetDrawing : Drawing
{
    const double LeastCell = 150, Gap = 16, CaptionSize = 12, CaptionLine = 16, MarkRadius = 9;
    const int CaptionLines = 3;
    readonly ImageSheet sheet;
    readonly Header header;
    readonly int columns;
    readonly double cell, pictureHeight;
    readonly List<string>[] captions;
    readonly double[] tops;

    public ImageSheetDrawing(ImageSheet sheet, double width)
    {
        this.sheet = sheet;
        header = new(sheet, [], "", width);
        columns = Math.Max(2, (int)((width + Gap) / (LeastCell + Gap)));
        cell = (width - (columns - 1) * Gap) / columns;
        pictureHeight = sheet.Pictures.Select(p => cell * p.Picture.Height / p.Picture.Width).DefaultIfEmpty(0).Max();
        pictureHeight = Math.Min(pictureHeight, cell * 1.5);
        captions = [.. sheet.Pictures.Select(p => TextSize.Wrap(p.Caption, CaptionSize, cell, CaptionLines))];
        int rows = (sheet.Pictures.Count + columns - 1) / columns;
        tops = new double[rows + 1];
        tops[0] = header.Height;
        for (int row = 0; row < rows; row++)
            tops[row + 1] = tops[row] + pictureHeight + 8 + captions.Skip(row * columns).Take(columns).Max(c => c.Count) * CaptionLine
                + Gap;
        (Width, Height) = (width, tops[^1]);
    }

    public override void Draw(ICanvas canvas)
    {
        header.Draw(canvas);
        for (int i = 0; i < sheet.Pictures.Count; i++)
        {
            SheetPicture picture = sheet.Pictures[i];
            double left = i % columns * (cell + Gap), top = tops[i / columns];
            double scale = Math.Min(cell / picture.Picture.Width, pictureHeight / picture.Picture.Height);
            Box box = new(left, top, picture.Picture.Width * scale, picture.Picture.Height * scale);
            canvas.Picture(box, picture.Picture, picture.Caption);
            if (picture.Right is bool right) DrawMark(canvas, new(box.Right - MarkRadius - 5, top + MarkRadius + 5), right);
            for (int line = 0; line < captions[i].Count; line++)
                canvas.Text(new(left, top + pictureHeight + 16 + line * CaptionLine), captions[i][line], new(Tone.Ink, CaptionSize));
        }
    }

    // a tick and a cross, so that nothing hangs on colour alone
    static void DrawMark(ICanvas canvas, Point at, bool right)
    {
        canvas.Circle(at, MarkRadius + 1.5, Tone.Paper);
        canvas.Circle(at, MarkRadius, right ? Tone.Good : Tone.Bad, right ? "right" : "wrong");
        Stroke stroke = new(Tone.Paper, 2);
        Point From(double x, double y) => new(at.X + x, at.Y + y);
        if (right) canvas.Polyline([From(-4, 0.5), From(-1, 3.5), From(4.5, -3)], stroke);
        else
        {
            canvas.Polyline([From(-3.5, -3.5), From(3.5, 3.5)], stroke);
            canvas.Polyline([From(-3.5, 3.5), From(3.5, -3.5)], stroke);
        }
    }
}

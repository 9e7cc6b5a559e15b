using GpuRnn.Lecture.Tasks.Captions;
using GpuRnn.Reports;
using SkiaSharp;

namespace GpuRnn.Lecture.Tests.Tasks.Captions;

/// <summary>Folders of pictures: a good one, and each way to be bad.</summary>
public class CaptionFolderTests : FolderTests
{
    [Test]
    public void PicturesAndCaptionsAreRead()
    {
        CaptionedPicture[] made = [.. SceneGrammar.Generate(1, 3)];
        for (int i = 0; i < made.Length; i++) WritePng($"{i}.png", made[i].Picture);
        WriteCaptions([.. made.Select((p, i) => $"{i}.png\t {p.Caption.Replace(" ", "  ")}"), "0.png\tthe first once more"]);
        using CaptionFolder read = CaptionFolder.Read(folder);
        Assert.That((read.Count, read.Width, read.Height), Is.EqualTo((4, 32, 32)));
        for (int i = 0; i < made.Length; i++)
        {
            Assert.That(read[i].Caption, Is.EqualTo(made[i].Caption));
            Assert.That(read[i].Picture.Bytes, Is.EqualTo(made[i].Picture.Bytes));
        }
        Assert.That(read[3].Picture.Bytes, Is.EqualTo(made[0].Picture.Bytes));
        Assert.That(read.Caption(3), Is.EqualTo("the first once more"));
    }

    [TestCase("a.png no tab", "no tab: expected a file name, one tab and a caption")]
    [TestCase("a.png\tb\tc", "2 tabs: expected a file name, one tab and a caption")]
    [TestCase("\tcaption", "nothing before the tab: expected a file name, one tab and a caption")]
    [TestCase("a.png\t ", "nothing after the tab: expected a file name, one tab and a caption")]
    [TestCase("../a.png\tb", "'../a.png' is no file name: expected a file of the folder itself")]
    [TestCase("b.png\tb", "'b.png' is not in the folder")]
    [TestCase("text.png\tb", "'text.png' is no PNG file")]
    [TestCase("wide.png\tb", "'wide.png' has 5 x 3 pixels: expected 4 x 3 as 'a.png' has")]
    public void BadLinesAreNamed(string line, string what)
    {
        WritePng("a.png", new(4, 3, new byte[36]));
        WritePng("wide.png", new(5, 3, new byte[45]));
        File.WriteAllText(Path.Combine(folder, "text.png"), "this is not a picture, but it is long enough for a head");
        WriteCaptions("a.png\tfirst", line);
        string message = Assert.Throws<GpuRnnException>(() => CaptionFolder.Read(folder))!.Message;
        Assert.That(message, Is.EqualTo($"'{Path.Combine(folder, "captions.tsv")}' line 2: {what}."));
    }

    [Test]
    public void FoldersWithoutCaptionsAreTold()
    {
        string missing = Path.Combine(folder, "missing");
        Assert.That(() => CaptionFolder.Read(missing),
            Throws.TypeOf<GpuRnnException>().With.Message.StartsWith($"'{missing}' is no folder"));
        Assert.That(() => CaptionFolder.Read(folder),
            Throws.TypeOf<GpuRnnException>().With.Message.StartsWith($"'{folder}' has no captions.tsv"));
        WriteCaptions();
        Assert.That(() => CaptionFolder.Read(folder), Throws.TypeOf<BadFileException>().With.Message.Contains("is empty"));
    }

    // Only its head is looked at when the folder is opened.
    [Test]
    public void DamageIsToldWhenThePictureIsAskedFor()
    {
        CaptionedPicture made = SceneGrammar.Generate(1, 1).Single();
        WritePng("a.png", made.Picture);
        string path = Path.Combine(folder, "a.png");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        WriteCaptions("a.png\tfirst");
        using CaptionFolder read = CaptionFolder.Read(folder);
        Assert.That(read.Caption(0), Is.EqualTo("first"));
        Assert.That(() => read[0], Throws.TypeOf<GpuRnnException>().With.Message.EndsWith("line 1: 'a.png' is a damaged PNG file."));
    }

    void WriteCaptions(params string[] lines) => File.WriteAllText(Path.Combine(folder, "captions.tsv"), string.Join('\n', lines));

    void WritePng(string name, RgbPicture picture)
    {
        using SKBitmap bitmap = new(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < picture.Width * picture.Height; i++)
            bitmap.SetPixel(i % picture.Width, i / picture.Width,
                new(picture.Bytes[3 * i], picture.Bytes[3 * i + 1], picture.Bytes[3 * i + 2]));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream stream = File.Create(Path.Combine(folder, name));
        data.SaveTo(stream);
    }
}

using System.Text;
using GpuRnn.Interop;

namespace GpuRnn.Tests.Interop;

/// <summary>Whatever happens, a file is the old one or the new one.</summary>
public class AtomicFileTests : FolderTests
{
    [Test]
    public void AFileIsWrittenAndReplaced()
    {
        foreach (string content in (string[])["first", "the second", "3rd"])
        {
            Write(content);
            Assert.That(File.ReadAllText(file), Is.EqualTo(content));
            Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void AFailingWriteLeavesTheOldFile()
    {
        Write("old");
        Assert.That(() => AtomicFile.Write(file, Fail(new InvalidOperationException("mine"))), Throws.InvalidOperationException);
        string message = LineOf(() => AtomicFile.Write(file, Fail(new IOException("disk\nfull"))));
        Assert.That(message, Does.EndWith("cannot be written: disk\\u000afull."));
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        Assert.That(Directory.GetFileSystemEntries(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void AFailingFirstWriteLeavesNothing()
    {
        Assert.That(() => AtomicFile.Write(file, Fail(new InvalidOperationException())), Throws.InvalidOperationException);
        Assert.That(Directory.GetFileSystemEntries(folder), Is.Empty);
    }

    // Whoever looks meanwhile, or after a crash at this point, finds the old file.
    [Test]
    public void TheOldFileIsThereWhileTheNewOneIsWritten()
    {
        Write("old");
        AtomicFile.Write(file, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        });
        Assert.That(File.ReadAllText(file), Is.EqualTo("new"));
    }

    [Test]
    public void AnOpenFileIsReadToItsEndThoughReplaced()
    {
        SafetensorsWriter.Write(file, null, [("w", [1], new[] { 1f })]);
        using SafetensorsFile opened = SafetensorsFile.Open(file);
        SafetensorsWriter.Write(file, null, [("w", [1], new[] { 2f })]);
        Assert.That(opened.ReadSingle("w"), Is.EqualTo(new[] { 1f }));
    }

    [Test]
    public void PlacesThatCannotBeAreToldInOneLine()
    {
        string missing = Path.Combine(folder, "missing", "x");
        Assert.That(LineOf(() => AtomicFile.Write(missing, Content("x")), missing), Does.Contain("there is no folder"));
        Assert.That(LineOf(() => AtomicFile.Write(folder, Content("x")), folder), Does.Contain("it is a folder"));
        Assert.That(LineOf(() => AtomicFile.Write("", Content("x")), "''"), Does.Contain("cannot be written"));
        Assert.That(Directory.GetFileSystemEntries(folder), Is.Empty);
    }

    [Test]
    public void LinksAndPermissionsStay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("They are other things there.");
            return;
        }
        string link = Path.Combine(folder, "link");
        Write("old");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        File.CreateSymbolicLink(link, Path.GetFileName(file));
        AtomicFile.Write(link, Content("new"));
        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(Path.GetFileName(file)));
        Assert.That(File.ReadAllText(file), Is.EqualTo("new"));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite));
    }

    [Test]
    public void DevicesAreWrittenToAndNotReplaced()
    {
        Assume.That(OperatingSystem.IsLinux(), "there is no /dev/full elsewhere");
        Assert.That(LineOf(() => AtomicFile.Write("/dev/full", Content("x")), "/dev/full"), Does.Contain("cannot be written"));
        Assert.That(new FileInfo("/dev/full").Length, Is.Zero);
    }

    void Write(string content) => AtomicFile.Write(file, Content(content));

    static Action<Stream> Content(string content) => stream => stream.Write(Encoding.UTF8.GetBytes(content));

    static Action<Stream> Fail(Exception exception) => stream =>
    {
        stream.Write(new byte[100_000]);
        throw exception;
    };
}

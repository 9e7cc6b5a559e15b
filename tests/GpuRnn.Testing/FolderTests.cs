namespace GpuRnn.Testing;

/// <summary>A folder for each test, and how a complaint about a file must look.</summary>
public abstract class FolderTests
{
    protected string folder = "", file = "";

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("gpurnn-").FullName;
        file = Path.Combine(folder, "model.safetensors");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    /// <summary>What an action on a file complains of.</summary>
    protected string LineOf(Action action, string? path = null)
    {
        string message = Assert.Throws<BadFileException>(() => action())!.Message;
        AssertLine(message, path ?? file);
        return message;
    }

    protected static void AssertLine(string message, string path)
    {
        Assert.That(message, Does.StartWith(path + ": ").And.EndsWith("."));
        Assert.That(message.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'), Is.False, message);
        Assert.That(message.Length - path.Length, Is.LessThan(500));
    }
}

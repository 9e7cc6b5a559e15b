namespace GpuRnn.Testing;

/// <summary>
/// Tests of commands that write a run's folder: each has a folder of its own, and in it the name of one that is not there yet.
/// </summary>
public abstract class RunTests
{
    protected string folder = "", run = "";

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("gpurnn-test-").FullName;
        run = Path.Combine(folder, "run");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);
}

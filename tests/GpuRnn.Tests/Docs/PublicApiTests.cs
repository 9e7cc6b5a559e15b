using PublicApiGenerator;

namespace GpuRnn.Tests.Docs;

/// <summary>
/// The public surface stands in an approved file. A change of it fails here until the file is changed too:
/// GPURNN_APPROVE=1 dotnet test -c Release --filter PublicApi writes it.
/// </summary>
public class PublicApiTests
{
    [Test]
    public void IsTheApprovedOne()
    {
        string path = Path.Combine(Repository.Root, "docs", "public-api.txt");
        // the library, and what a cell's author writes against
        string now = string.Concat(new[] { typeof(GpuRnnException), typeof(Kernels.Cells.ICell) }.Select(t =>
            t.Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n"));
        if (Environment.GetEnvironmentVariable("GPURNN_APPROVE") == "1") File.WriteAllText(path, now);
        Assert.That(now, Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n")),
            "the public surface has changed: see this test's summary");
    }
}

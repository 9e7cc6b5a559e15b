using GpuRnn.Devices;
using GpuRnn.Interop;
using GpuRnn.Layers;

namespace GpuRnn.Tests.Contracts;

/// <summary>What a program catches: kinds of errors are types, under one base.</summary>
public class ErrorTests
{
    /// <summary>As a program would write it: which of its ways out does it take?</summary>
    static string WayOut(Action work)
    {
        try
        {
            work();
            return "none";
        }
        catch (NoDeviceException)
        {
            return "another device";
        }
        catch (DeviceMemoryException)
        {
            return "a smaller batch";
        }
        catch (BadFileException)
        {
            return "another file";
        }
        catch (NotFiniteException)
        {
            return "a lower rate";
        }
        catch (GpuRnnException e)
        {
            return e.GetType().Name;
        }
    }

    [Test]
    public void ErrorsAreToldApartByType()
    {
        Device device = TestDevices.Get("cpu");
        using Recurrent<float> network = new(device, Cell.Lstm, 2, 3);
        Assert.That(WayOut(() => Device.Open("cuda:97")), Is.EqualTo("another device"));
        Assert.That(WayOut(() => new Memory.DeviceArray<double>(device, 1L << 60)), Is.EqualTo("a smaller batch"));
        Assert.That(WayOut(() => ModelFile.Load("/nowhere/at/all", network.Parameters)), Is.EqualTo("another file"));
        Assert.That(WayOut(() => ModelFile.Save("/nowhere/at/all", network.Parameters)), Is.EqualTo("another file"));
        Assert.That(WayOut(() => new GpuRnn.Models.Sampling().Draw([float.NaN], new(1))), Is.EqualTo("a lower rate"));
        Assert.That(WayOut(() => network.Plan(0, 1)), Is.EqualTo(nameof(BadArgumentException)));
        Assert.That(WayOut(() => Device.Open("gpu")), Is.EqualTo(nameof(BadArgumentException)), "a misspelt device is no missing one");
    }

    /// <summary>The library itself never throws the base: whoever catches a kind would miss it.</summary>
    [Test]
    public void TheLibraryThrowsKindsOnly()
    {
        string folder = Path.Combine(Repository.Root, "src", "GpuRnn");
        foreach (string file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            if (Path.GetFileName(file) != "GpuRnnException.cs" && !file.Contains("/obj/"))
                Assert.That(File.ReadAllText(file), Does.Not.Contain("new GpuRnnException("), file);
    }
}

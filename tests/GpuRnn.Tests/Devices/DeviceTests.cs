using GpuRnn.Devices;

namespace GpuRnn.Tests.Devices;

/// <summary>Devices by name, and what is not there.</summary>
public class DeviceTests
{
    /// <summary>Where a device is required (CI's OpenCL root), its absence is a failure, not a smaller run.</summary>
    [Test, Category("Device")]
    public void RequiredDeviceIsThere()
    {
        string? required = Environment.GetEnvironmentVariable("GPURNN_REQUIRE");
        if (string.IsNullOrEmpty(required)) Assert.Ignore("GPURNN_REQUIRE names no device.");
        Assert.That(TestDevices.Ids, Does.Contain(required));
        Assert.That(TestDevices.Get(required!).Name, Is.Not.Empty);
    }

    /// <summary>
    /// Where a width of vectors is required (CI's runs without the wider ones), another is a failure: a switch that does nothing shows
    /// nothing.
    /// </summary>
    [Test]
    public void RequiredVectorsAreThere()
    {
        string? required = Environment.GetEnvironmentVariable("GPURNN_REQUIRE_VECTOR_BITS");
        if (string.IsNullOrEmpty(required)) Assert.Ignore("GPURNN_REQUIRE_VECTOR_BITS names no width.");
        using Device device = Device.Open("cpu");
        Assert.That($"{device.VectorBits}", Is.EqualTo(required));
    }

    [TestCase("gpu"), TestCase("cpu:0"), TestCase("cpu:x"), TestCase("cuda:-1"), TestCase("opencl:1:2")]
    public void WrongNamesAreOneClearLine(string name)
    {
        BadArgumentException e = Assert.Throws<BadArgumentException>(() => Device.Open(name).Dispose())!;
        Assert.That(e.Message, Does.Contain(name).And.Not.Contain("\n"));
    }

    [Test]
    public void AnAbsentDeviceSaysWhatIsThere()
    {
        NoDeviceException e = Assert.Throws<NoDeviceException>(() => Device.Open("cuda:97").Dispose())!;
        Assert.That(e.Message, Does.Contain("cuda:97").And.Contain("cpu").And.Not.Contain("\n"));
    }

    [Test]
    public void WorkersAreAsNamed()
    {
        using Device device = Device.Open("cpu:3");
        Assert.That(device.Workers, Is.EqualTo(3));
        Assert.That(device.Kind, Is.EqualTo(DeviceKind.Cpu));
    }

    [Test]
    public void AForeignAcceleratorIsLeftAlone()
    {
        using var context = ILGPU.Context.Create(b => ILGPU.Runtime.CPU.CPUContextExtensions.CPU(b));
        using var accelerator = ILGPU.Runtime.CPU.CPUContextExtensions.CreateCPUAccelerator(context, 0);
        using (Device device = Device.From(accelerator)) Numerics.NetworkTests.Compare<float>(device, new("lstm", 3, 2, 5, 9), 1e-5, 3e-5);
        using var buffer = accelerator.Allocate1D<int>(4); // still alive
        Assert.That(buffer.Length, Is.EqualTo(4));
    }

    [Test]
    public void ADisposedDeviceIsRefused()
    {
        Device device = Device.Open("cpu:1");
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
    }
}

using System.Diagnostics;

namespace GpuRnn.Tests.Devices;

/// <summary>
/// What a user is told of a card: a library in the place of NVIDIA's driver answers as a driver would, and under its own name alone,
/// libcuda.so.1.
/// </summary>
[Platform("Linux")]
[Parallelizable]
public class DriverTests
{
    const string Source = """
        #include <string.h>
        int cuInit(unsigned flags) { return INIT; }
        static int say(const char **text, const char *words) { *text = words; return 0; }
        int cuGetErrorName(int error, const char **text) { return say(text, error == 100 ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_UNKNOWN"); }
        int cuGetErrorString(int error, const char **text)
        {
            return say(text, error == 100 ? "no CUDA-capable device is detected" : "unknown error");
        }
        int cuDriverGetVersion(int *version) { *version = VERSION; return 0; }
        int cuDeviceGetCount(int *count) { *count = COUNT; return 0; }
        int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
        int cuDeviceGetName(char *name, int length, int device) { strcpy(name, "Card of a test"); return 0; }
        int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = (size_t)80 << 30; return 0; }
        int cuDeviceGetAttribute(int *value, int attribute, int device)
        {
            *value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 132 : 64; // compute capability, multiprocessors
            return 0;
        }
        int cuCtxCreate_v2(void **context, unsigned flags, int device) { *context = &cuInit; return CONTEXT; }
        int cuCtxDestroy_v2(void *context) { return 0; }
        int cuCtxSetCurrent(void *context) { return 0; }
        int cuCtxGetCurrent(void **context) { *context = &cuInit; return 0; }
        int cuStreamCreate(void **stream, unsigned flags) { *stream = &cuInit; return 0; }
        int cuStreamDestroy_v2(void *stream) { return 0; }
        int cuCtxSynchronize(void) { return 0; }
        int cuCtxGetCacheConfig(int *config) { *config = 0; return 0; }
        int cuCtxGetSharedMemConfig(int *config) { *config = 0; return 0; }
        int cuModuleUnload(void *module) { return 0; }
        int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options, void **values)
        {
            for (unsigned i = 0; i < count; i++) if (options[i] == 5) strcpy(values[i], "ptxas fatal : a word of the assembler");
            return 999;
        }
        """;

    string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gpurnn-driver-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, true);

    [TestCase(100, 0, 12040, "cuInit", "CUDA_ERROR_NO_DEVICE (100)", "no CUDA-capable device is detected")]
    [TestCase(999, 0, 12040, "cuInit", "CUDA_ERROR_UNKNOWN (999)", "unknown error")]
    [TestCase(0, 0, 12040, "counts no device")]
    [TestCase(0, 1, 9000, "Card of a test", "driver 9.0", "instruction set")]
    [TestCase(0, 1, 12040, "Card of a test", "cannot be opened", "CUDA_ERROR_UNKNOWN", "unknown error")]
    public void TheDriversWordsAreQuoted(int init, int count, int version, params string[] words)
    {
        Compile(init, count, version);
        Refused(words);
    }

    /// <summary>The driver takes the card and refuses every kernel: what its assembler says goes nowhere but into a trace.</summary>
    [Test]
    public void WhatTheAssemblerSaysOfAKernelIsQuoted()
    {
        Compile(0, 1, 12040, context: 0);
        CommandResult bench = Run("bench", "--device", "cuda", "--shape", "2,2,2,2");
        Assert.That(bench.Code, Is.EqualTo(2), bench.Out + bench.Error);
        Assert.That(bench.Error.TrimEnd('\n'), Does.StartWith("gpurnn: the device failed: ").And.Not.Contain("\n"));
        Assert.That(bench.Error, Does.Contain("fatal : a word of the assembler)"));
        CommandResult devices = Run("devices");
        Assert.That(devices.Code, Is.Zero, devices.Error);
        Assert.That(devices.Out, Does.Contain("cuda:0").And.Contain("a word of the assembler").And.Contain("-bit vectors"));
    }

    [Test]
    public void ACardIsListedThoughItCannotBeOpened()
    {
        Compile(0, 1, 12040);
        CommandResult devices = Run("devices");
        Assert.That(devices.Code, Is.Zero, devices.Error);
        Assert.That(devices.Out, Does.Contain("cuda:0").And.Contain("Card of a test").And.Contain("132 multiprocessors"));
        Assert.That(devices.Out, Does.Contain("cannot be opened"));
        Assert.That(devices.Out, Does.Contain("cpu").And.Contain("-bit vectors"));
    }

    [Test]
    public void ALibraryThatIsNoneSaysWhatTheLoaderSays()
    {
        File.WriteAllText(Path.Combine(folder, "libcuda.so.1"), new string('x', 1000));
        Refused("libcuda.so.1: invalid ELF header");
        CommandResult devices = Run("devices", "--json");
        Assert.That(devices.Error, Does.Contain("cuda: ").And.Contain("invalid ELF header"));
        Assert.That(System.Text.Json.JsonDocument.Parse(devices.Out).RootElement.GetArrayLength(), Is.EqualTo(1));
    }

    CommandResult Run(params string[] arguments) => CommandProcess.RunWith(new() { ["LD_LIBRARY_PATH"] = folder }, arguments);

    void Refused(params string[] words)
    {
        CommandResult refused = Run("check", "--device", "cuda");
        Assert.That(refused.Code, Is.EqualTo(2), refused.Out + refused.Error);
        Assert.That(refused.Error.TrimEnd('\n'), Does.StartWith("gpurnn: ").And.Contain("'cuda'").And.Not.Contain("\n"));
        Assert.That(refused.Error, Does.Not.Contain("unexpected"));
        foreach (string word in words) Assert.That(refused.Error, Does.Contain(word));
    }

    /// <summary>Makes libcuda.so.1, and nothing else: what a driver's package installs.</summary>
    void Compile(int init, int count, int version, int context = 999)
    {
        string source = Path.Combine(folder, "driver.c");
        File.WriteAllText(source, Source);
        try
        {
            string[] values = [$"-DINIT={init}", $"-DCOUNT={count}", $"-DVERSION={version}", $"-DCONTEXT={context}"];
            using Process gcc = Process.Start(
                "gcc", ["-w", "-shared", "-fPIC", .. values, "-o", Path.Combine(folder, "libcuda.so.1"), source]);
            gcc.WaitForExit();
            Assert.That(gcc.ExitCode, Is.Zero);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no gcc here to make a driver with.");
        }
    }
}

using System.CommandLine;
using GpuRnn.Cli.Checking;
using GpuRnn.Devices;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;

namespace GpuRnn.Cli.Commands;

/// <summary>`gpurnn check`: conformance cases, or the engine against plain loops.</summary>
static class CheckCommand
{
    public static Command Create()
    {
        Argument<string[]> paths = new("FILE|FOLDER")
        {
            Description = "Conformance cases; none for the self-check.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> device = new("--device") { Description = "cpu, cpu:N, opencl, cuda, ... (the best; all for the self-check)." };
        Option<string> precision = new("--precision") { Description = "float or double.", DefaultValueFactory = _ => "float" };
        Option<double?> tolerance = new("--tolerance")
        { Description = "Largest error of outputs, as a share of max|expected|; thrice that of gradients." };
        Option<bool> json = new("--json") { Description = "JSON on standard output." };
        Command check = new("check", "Compare the engine with conformance cases or, without any, with plain loops in double.")
        { paths, device, precision, tolerance, json };
        check.SetAction((parse, cancel) =>
        {
            bool wide = parse.GetValue(precision) switch
            {
                "float" => false,
                "double" => true,
                string other => throw new GpuRnnException($"--precision is '{other}'; it can be float or double."),
                null => false,
            };
            double? given = parse.GetValue(tolerance);
            if (given is double bound) OptionLimits.Above0(bound, "--tolerance", 1e6);
            string[] files = parse.GetValue(paths) ?? [];
            CheckReport report = new(parse.GetValue(json), cancel);
            if (files.Length > 0) report = RunFiles(report, files, parse.GetValue(device), wide, given);
            else RunSelf(report, parse.GetValue(device), wide, given);
            return Task.FromResult(report.Write());
        });
        return check;
    }

    static CheckReport RunFiles(CheckReport report, string[] paths, string? deviceName, bool wide, double? tolerance)
    {
        Bounds bounds = tolerance is double t ? new(t, 3 * t) : wide ? new(1e-6, 1e-6) : new(1e-5, 3e-5); // files hold float32
        List<ConformanceCase> cases = [];
        try
        {
            foreach (string path in paths) Collect(path, cases, report);
            SkippedCase? skipped = report.Skipped.FirstOrDefault();
            if (cases.Count == 0 && skipped is not null) report.Write();
            if (cases.Count == 0)
                throw new GpuRnnException($"No case can be run, {report.Skipped.Count} skipped: {skipped?.Case} needs {skipped?.Reason}.");
            // one device for all cases: compiling for it takes longer than running
            using Device device = Device.Open(deviceName);
            string id = deviceName ?? device.Kind.ToString().ToLowerInvariant();
            foreach (ConformanceCase subject in cases) ConformanceRun.CheckNetwork(device, subject);
            report.Run(cases.Select<ConformanceCase, (string, Func<IEnumerable<CheckResult>>)>(subject => (subject.Name, () => wide
                ? ConformanceRun.Run<double>(device, id, subject, bounds)
                : ConformanceRun.Run<float>(device, id, subject, bounds))));
        }
        finally
        {
            cases.ForEach(c => c.Dispose());
        }
        return report;
    }

    /// <summary>A file that is named must be possible; of a folder's, what is not possible is skipped and told.</summary>
    static void Collect(string path, List<ConformanceCase> cases, CheckReport report)
    {
        bool folder = Directory.Exists(path);
        string[] files = folder ? [.. Directory.EnumerateFiles(path, "*.safetensors").Order(StringComparer.Ordinal)] : [path];
        if (files.Length == 0) throw new GpuRnnException($"The folder '{path}' has no conformance case (*.safetensors).");
        foreach (string file in files)
        {
            ConformanceCase subject = new(file);
            if (subject.Unsupported is null)
            {
                cases.Add(subject);
                continue;
            }
            subject.Dispose();
            if (!folder) throw new GpuRnnException($"'{file}' needs what the engine does not have: {subject.Unsupported}.");
            report.Skipped.Add(new(subject.Name, subject.Unsupported));
        }
    }

    static void RunSelf(CheckReport report, string? deviceName, bool wide, double? tolerance)
    {
        Bounds bounds = tolerance is double t ? new(t, 3 * t) : wide ? new(1e-12, 1e-12) : new(1e-5, 3e-5);
        string[] ids = deviceName is not null ? [deviceName] : [.. DeviceInfo.All().Select(d => d.Id)];
        foreach (string id in ids)
        {
            using Device device = Device.Open(id);
            report.Run(Cell.All.Select<Cell, (string, Func<IEnumerable<CheckResult>>)>(cell => ($"{id} {cell}", () => wide
                ? SelfCheck.Run<double>(device, id, cell, bounds)
                : SelfCheck.Run<float>(device, id, cell, bounds))));
        }
    }
}

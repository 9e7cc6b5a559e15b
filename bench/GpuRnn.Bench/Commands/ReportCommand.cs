using System.CommandLine;
using GpuRnn.Bench.Documents;
using GpuRnn.Bench.Results;
using GpuRnn.Bench.Tables;
using GpuRnn.Programs;

namespace GpuRnn.Bench.Commands;

/// <summary>`report`: tables and plots from the files of a run, so that no figure in a document was typed by hand.</summary>
static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> results = new("results")
        { Description = "A folder with peers.json, memory.json, text.json, bench.json, gpu.json: all or some." };
        Option<bool> write =
            new("--write") { Description = "Put tables between their markers in README.md and docs/*.md, plots into docs/." };
        Option<bool> check = new("--check") { Description = "Only compare what stands between markers; exit code 1 where it differs." };
        Option<string?> docs = new("--docs") { Description = "The folder with README.md and docs/ (this checkout)." };
        Command report = new("report", "Tables and plots of results; prints, writes or checks them.") { results, write, check, docs };
        report.SetAction(parse =>
        {
            ResultsFolder folder = new(parse.GetValue(results)!);
            (bool writing, bool checking) = (parse.GetValue(write), parse.GetValue(check));
            if (writing && checking) throw new GpuRnnException("--write and --check together cannot be: choose one.");
            if (!writing && !checking) return Print(folder);
            DocumentFolder documents = new(parse.GetValue(docs) ?? DocumentFolder.Here);
            return checking ? Check(documents, folder) : Write(documents, folder);
        });
        return report;
    }

    static int Print(ResultsFolder folder)
    {
        foreach (Section section in Sections.All)
            try
            {
                string text = section.Text(folder);
                Console.WriteLine(section.Inline ? $"bench:{section.Name}: {text}" : $"bench:{section.Name}\n\n{text}\n");
            }
            catch (GpuRnnException e)
            {
                Console.Error.WriteLine($"no {section.Name}: {e.Message}");
            }
        return 0;
    }

    static int Check(DocumentFolder documents, ResultsFolder folder)
    {
        List<string> differences = documents.Differences(folder);
        foreach (string line in differences) Console.Error.WriteLine($"{line}.");
        return differences.Count > 0 ? ExitCode.Failed : 0;
    }

    static int Write(DocumentFolder documents, ResultsFolder folder)
    {
        List<string> changed = documents.Write(folder);
        foreach (string line in changed) Console.WriteLine($"written: {line}");
        if (changed.Count == 0) Console.WriteLine("All was right already.");
        return 0;
    }
}

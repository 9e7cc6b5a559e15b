using GpuRnn.Bench.Results;
using GpuRnn.Measuring.Results;
using GpuRnn.Measuring.Tables;

namespace GpuRnn.Bench.Tables;

/// <summary>Training with the loss of the last step alone beside that of every step: how long the gradient's dying away takes.</summary>
static class ManyToOneTable
{
    public static string Of(ResultsFolder folder)
    {
        IReadOnlyList<PeerResult> all = folder.ManyToOne.Results;
        Library[] libraries = Library.In(all);
        MarkdownTable table = new(["T, B, I, H", .. libraries.Select(l => $"{l.Name}, ms: every step, the last"),
            .. libraries.Select(l => $"{l.Name}: last / every")]);
        foreach (PeerResult last in all.Where(r => r.Pass == "training_last_step"))
        {
            PeerResult every = all.First(r => r.Pass == "training" && r.Shape == last.Shape);
            table.Add([last.Shape, .. libraries.Select(l => $"{Milliseconds(every, l)}, {Milliseconds(last, l)}"),
                .. libraries.Select(l => Figure.Ratio(every.Share(l) / last.Share(l)))]);
        }
        return table.ToString();
    }

    static string Milliseconds(PeerResult row, Library library) => Figure.Of(row.Of(library)!.Seconds * 1e3);
}

using System.Globalization;
using GpuRnn.Interop;

namespace GpuRnn.Lecture.Tasks.Jets;

/// <summary>
/// The columns of a table of jets, as the Top Quark Tagging Reference Dataset has them (Kasieczka et al., Zenodo 2603256): E_i, PX_i, PY_i,
/// PZ_i for constituents i from 0, in GeV and all zero where a jet has no more, and is_signal_new, 1 for tops. Others are passed over.
/// </summary>
sealed class JetColumns
{
    public const string Label = "is_signal_new";
    const int MostSlots = 10_000;
    static readonly string[] s_parts = ["E_", "PX_", "PY_", "PZ_"];

    readonly string path;
    readonly string[] names;

    /// <param name="path">The file, for what is said of it.</param>
    /// <param name="columns">All of its columns.</param>
    /// <exception cref="GpuRnnException">A column is missing, or there twice.</exception>
    public JetColumns(string path, IReadOnlyList<string> columns)
    {
        this.path = path;
        Dictionary<string, int> places = [];
        for (int i = 0; i < columns.Count; i++)
            if (!places.TryAdd(columns[i], i))
                throw Wrong(path, $"it has the column {FileError.Quote(columns[i])} twice", "each column once");
        int slots = 1 + columns.Select(Slot).DefaultIfEmpty(-1).Max();
        if (slots == 0) throw Wrong(path, "it has no column 'E_0'", $"E_0, PX_0, PY_0, PZ_0, E_1 and so on, and {Label}");
        names = [.. Enumerable.Range(0, slots).SelectMany(i => s_parts.Select(part => part + i)), Label];
        Targets = new int[columns.Count];
        Array.Fill(Targets, -1);
        for (int i = 0; i < names.Length; i++)
        {
            if (!places.TryGetValue(names[i], out int place))
                throw Wrong(path, $"it has no column '{names[i]}'", $"E, PX, PY and PZ of {slots} constituents, and {Label}");
            Targets[place] = i;
        }
    }

    /// <summary>For each column of the file its place in a row that <see cref="ToJet"/> takes; -1 for those that are passed over.</summary>
    public int[] Targets { get; }

    /// <summary>Numbers in such a row.</summary>
    public int RowLength => names.Length;

    /// <summary>A row's name, such as "PX_3", for what is said of a value.</summary>
    public string NameOf(int target) => names[target];

    /// <summary>The jet of a row.</summary>
    /// <param name="row">Its numbers, each at its target.</param>
    /// <param name="where">Which row it is, such as "row 12".</param>
    /// <exception cref="GpuRnnException">It is not one.</exception>
    public Jet ToJet(ReadOnlySpan<double> row, string where)
    {
        for (int i = 0; i < row.Length; i++)
            if (!double.IsFinite(row[i])) throw Wrong(path, $"{where}, column '{names[i]}', is {row[i]}", "a finite number");
        double label = row[^1];
        if (label is not (0 or 1)) throw Wrong(path, $"{where}, column '{Label}', is {label}", "0 or 1");
        List<FourVector> constituents = [];
        for (int i = 0; i + 4 < row.Length; i += 4)
        {
            FourVector c = new(row[i], row[i + 1], row[i + 2], row[i + 3]);
            if (c == default) continue;
            // massless ones are rounded either way
            if (c.E <= 0 || c.E < 0.999 * c.Momentum)
                throw Wrong(path, $"{where} has {names[i]} = {c.E}, less than its momentum {c.Momentum:0.###}",
                    "energy and momentum of a particle");
            constituents.Add(c);
        }
        if (constituents.Count == 0) throw Wrong(path, $"{where} has no constituents", "at least one that is not zero");
        return new(constituents, label == 1);
    }

    /// <summary>What to say of a file.</summary>
    public static GpuRnnException Wrong(string path, string found, string expected, Exception? inner = null) =>
        FileError.Of(path, $"{found}; expected {expected}", inner);

    /// <summary>The constituent that a column belongs to; -1 for none.</summary>
    static int Slot(string column)
    {
        foreach (string part in s_parts)
            if (column.StartsWith(part, StringComparison.Ordinal)
                && int.TryParse(column.AsSpan(part.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int slot)
                && slot is >= 0 and < MostSlots && column == part + slot.ToString(CultureInfo.InvariantCulture))
                return slot;
        return -1;
    }
}

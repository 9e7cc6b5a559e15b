using System.Globalization;
using System.Security.Cryptography;
using CsvHelper;
using CsvHelper.Configuration;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Exam;

/// <summary>Students in three portions, their features brought to mean 0 and deviation 1 by those that are trained on.</summary>
sealed class ExamData
{
    ExamData(string name, string[] names, List<Student> students, Split split, bool known)
    {
        (Name, Names, Known) = (name, names, known);
        Student[] Of(Portion portion) => [.. students.Where((_, i) => split.Of(i) == portion)];
        (Training, Validation, Test) = (Of(Portion.Training), Of(Portion.Validation), Of(Portion.Test));
        Mean = [.. names.Select((_, f) => Training.Average(s => (double)s.Features[f]))];
        Deviation = [.. names.Select((_, f) => Math.Sqrt(Training.Average(s => Math.Pow(s.Features[f] - Mean[f], 2))))];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Student s in students)
        {
            foreach (float f in s.Features) hash.AppendData(BitConverter.GetBytes(f));
            hash.AppendData([s.Passed ? (byte)1 : (byte)0]);
        }
        Hash = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public string Name { get; }
    public string Hash { get; }
    public string[] Names { get; }
    /// <summary>Is the law known?</summary>
    public bool Known { get; }
    public Student[] Training { get; }
    public Student[] Validation { get; }
    public Student[] Test { get; }
    public double[] Mean { get; }
    public double[] Deviation { get; }

    /// <summary>[B, features] scaled; a feature that never varies is 0.</summary>
    public float[] Scaled(IReadOnlyList<Student> students) =>
        [.. students.SelectMany(s => s.Features.Select((f, i) => Deviation[i] > 0 ? (float)((f - Mean[i]) / Deviation[i]) : 0))];

    public static ExamData Load(string? path, int seed, int drawn, CancellationToken cancel = default)
    {
        Split split = new(seed);
        if (path is null)
        {
            List<Student> all = [.. Enumerable.Range(0, drawn).WithCancellation(cancel).Select(i => ExamLaw.Draw(seed, i))];
            return new("the known law", ExamLaw.Names, all, split, true);
        }
        List<Student> students = Read(path, cancel, out string[] names);
        bool[] trained = [.. split.Items(students.Count, Portion.Training).Select(i => students[i].Passed).Distinct()];
        if (trained.Length < 2 || split.Items(students.Count, Portion.Validation).Length == 0
            || split.Items(students.Count, Portion.Test).Length == 0)
            throw new GpuRnnException(
                $"'{path}' has {students.Count} rows: too few to train on, to watch and to judge by. At least about 50 are needed.");
        return new(Path.GetFileName(path), names, students, split, false);
    }

    static List<Student> Read(string path, CancellationToken cancel, out string[] names)
    {
        TextLines.Open(path, cancel: cancel).Dispose(); // what is no text it tells by its line
        try
        {
            using StreamReader reader = new(path);
            using CsvReader csv = new(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                TrimOptions = TrimOptions.Trim,
                MissingFieldFound = null,
                BadDataFound = null
            });
            if (!csv.Read() || !csv.ReadHeader()) throw new GpuRnnException($"'{path}' is empty; expected a header and rows.");
            string[] header = csv.HeaderRecord!;
            int label = Array.FindIndex(header, h => h is "pass" or "passed" or "label");
            if (label < 0) label = header.Length - 1;
            if (header.Length < 2)
                throw new GpuRnnException(
                    $"'{path}' line 1 has one column; expected features and a column of 0 and 1, '{header[0]}' alone is not enough.");
            if (header.Where((_, i) => i != label).All(h => h.Length == 0 || IsNumber(h)))
                throw new GpuRnnException(
                    $"'{path}' line 1 has numbers where names belong: expected a header, with a name for each column.");
            names = [.. header.Where((_, i) => i != label)];
            List<Student> students = [];
            while (csv.Read())
            {
                cancel.ThrowIfCancellationRequested();
                students.Add(Row(csv, header, label, path));
            }
            if (students.Count == 0) throw new GpuRnnException($"'{path}' has a header and no rows.");
            if (students.Select(s => s.Passed).Distinct().Count() < 2)
                throw new GpuRnnException(
                    $"'{path}': column '{header[label]}' is {(students[0].Passed ? 1 : 0)} in all {students.Count} rows; "
                    + $"expected both 0 and 1.");
            return students;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GpuRnnException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static Student Row(CsvReader csv, string[] header, int label, string path)
    {
        string where = $"'{path}' line {csv.Parser.RawRow}";
        if (csv.Parser.Count != header.Length)
            throw new GpuRnnException($"{where} has {csv.Parser.Count} columns; the header has {header.Length}.");
        bool passed = csv[label] switch
        {
            "1" or "true" or "yes" or "pass" => true,
            "0" or "false" or "no" or "fail" => false,
            var other => throw new GpuRnnException($"{where}: column '{header[label]}' is '{other}'; expected 0 or 1."),
        };
        float[] features = new float[header.Length - 1];
        for (int i = 0, f = 0; i < header.Length; i++)
        {
            if (i == label) continue;
            if (!float.TryParse(csv[i], NumberStyles.Float, CultureInfo.InvariantCulture, out features[f]) || !float.IsFinite(features[f]))
                throw new GpuRnnException($"{where}: column '{header[i]}' is '{csv[i]}'; expected a number.");
            f++;
        }
        return new(features, passed);
    }
}

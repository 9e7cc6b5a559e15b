using System.Globalization;
using GpuRnn.Lecture.Runs;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Words;

/// <summary>What a vocabulary of a text is worth, and what its words cost as vectors.</summary>
static class VocabularyReport
{
    const int Shown = 20, Points = 80;

    public static void Write(RunOutcome outcome, TextWords words, int size, int vocabulary, Coverage itself, Coverage lastTenth)
    {
        KeyValuePair<string, long>[] order = [.. words.Counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)];
        Count("characters", "characters", words.Characters.Values.Sum());
        Count("different characters", "distinct_characters", words.Characters.Count);
        Count("words", "words", words.Total);
        Count("different words", "distinct_words", order.Length);
        Count("size of the vocabulary", "size", vocabulary);
        outcome.Measure("share of the text that it has", "coverage", itself.At(size));
        outcome.Measure("unknown words", "unknown_words", 1 - itself.At(size));
        outcome.Measure("unknown words in the last tenth", "unknown_words_last_tenth", 1 - lastTenth.At(size),
            "vocabulary of the first nine tenths");
        Vectors(outcome, words, vocabulary);
        Curve(outcome, size, itself, lastTenth);
        ReportSection section = outcome.Section("The most frequent and the rarest words");
        IEnumerable<KeyValuePair<string, long>> frequent = order.Take(Shown), rare = order.Reverse().Take(Shown);
        section.Table(["most frequent", "count"], [.. frequent.Select(Row)]).Table(["rarest", "count"], [.. rare.Select(Row)]);
        outcome.Lines.Add(("most frequent", string.Join(", ", frequent.Take(8).Select(Named))));
        outcome.Lines.Add(("rarest", string.Join(", ", rare.Take(8).Select(Named))));
        outcome.Metrics["most_frequent"] = frequent.Select(w => new { word = w.Key, count = w.Value });
        outcome.Metrics["rarest"] = rare.Select(w => new { word = w.Key, count = w.Value });
        outcome.Metrics["words_that_occur_once"] = order.Count(w => w.Value == 1);

        void Count(string name, string metric, long value)
        {
            outcome.Metrics[metric] = value;
            outcome.Lines.Add((name, Grouped(value)));
        }
    }

    /// <summary>A word as a vector of one 1, and as the number of the place where it stands.</summary>
    static void Vectors(RunOutcome outcome, TextWords words, int vocabulary)
    {
        outcome.Metrics["one_hot_numbers_a_step"] = vocabulary;
        outcome.Metrics["index_numbers_a_step"] = 1;
        // a float or an int is four bytes
        (double oneHot, double index) = (4.0 * vocabulary * words.Total, 4.0 * words.Total);
        outcome.Metrics["one_hot_bytes"] = oneHot;
        outcome.Metrics["index_bytes"] = index;
        outcome.Lines.Add(("one-hot",
            $"{Grouped(vocabulary)} numbers a step, {Bytes(oneHot)} for the text; as indices 1 number a step, {Bytes(index)}"));
        outcome.Section("One-hot vectors and indices").Text(
            $"As a one-hot vector a word is {Grouped(vocabulary)} numbers, all 0 but one: {Bytes(oneHot)} for the whole text. "
            + $"W times such a vector is a column of W, so the engine reads the number of the column, "
            + $"the index, and no vector is ever made: {Bytes(index)}.");
    }

    static void Curve(RunOutcome outcome, int size, Coverage itself, Coverage lastTenth)
    {
        int[] sizes = Sizes(itself.Largest);
        double[] x = [.. sizes.Select(s => (double)s)];
        outcome.Metrics["coverage_by_size"] =
            sizes.Select(s => new { size = s, coverage = itself.At(s), coverage_last_tenth = lastTenth.At(s) });
        outcome.Chart(outcome.Section("How much a vocabulary covers").Text(
            $"The words of a vocabulary are the most frequent ones. "
            + $"The dashed curve is what counts: new text, here the last tenth, read with the words of what came before it. "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"At a size of {size:N0} it has {lastTenth.At(size):P1} of the words; "
                + $"with all that came before, {lastTenth.At(int.MaxValue):P1}.")),
            new LineChart("Words that a vocabulary has", "size of the vocabulary", "share of the text",
                new Series("the text by its own words", x, [.. sizes.Select(itself.At)]),
                new Series("its last tenth by words of the rest", x, [.. sizes.Select(lastTenth.At)]) { Style = SeriesStyle.Dashed })
            { LogX = true, YLimits = new(0, 1) }, "coverage.png");
    }

    /// <summary>Sizes from one word on, evenly on a logarithmic axis, up to all words.</summary>
    static int[] Sizes(int largest) =>
        [
            .. Enumerable.Range(0, Points + 1)
                .Select(i => (int)Math.Round((Coverage.Marks + 1) * Math.Pow((double)largest / (Coverage.Marks + 1), (double)i / Points)))
                .Distinct()
        ];

    static IReadOnlyList<string> Row(KeyValuePair<string, long> word) => [word.Key, Grouped(word.Value)];

    static string Named(KeyValuePair<string, long> word) => $"{word.Key} ({Grouped(word.Value)})";

    static string Grouped(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Bytes(double bytes)
    {
        (double unit, string name) =
            bytes switch { >= 1e9 => (1e9, "GB"), >= 1e6 => (1e6, "MB"), >= 1e3 => (1e3, "kB"), _ => (1, "bytes") };
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:#,0.#} {name}");
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using GpuRnn.Reports;

namespace GpuRnn.Lecture.Tests.Reports;

/// <summary>The report as one file that needs nothing and obeys nobody's text.</summary>
public class HtmlTests
{
    static string Full(string text)
    {
        HtmlReport report = new(text, text);
        report.Tile(text, text, text, text).Command(text)
            .Metrics(new Dictionary<string, object?> { [text] = text, ["nothing"] = double.NaN });
        ReportSection section = report.Section(text).Text(text).Sample(text).Table([text, "n"], [[text, "0.5"], ["b", "1,024"]])
            .Marked(new([new(text, -0.5), new("good", 1), new("none", double.NaN)]));
        foreach (Chart chart in SampleCharts.AllWith(text)) section.Chart(chart);
        return report.ToHtml();
    }

    [Test]
    public void NothingIsFetchedAndNothingRuns()
    {
        string html = Full("plain");
        Assert.That(
            html,
            Does.Not.Contain("http://").And.Not.Contain("https://")
                .And.Not.Contain("<script").And.Not.Contain("<link").And.Not.Contain("@import"));
        Assert.That(Regex.Matches(html, "(?:src|href)=\"(?!data:image/png;base64,)"), Is.Empty);
        Assert.That(Regex.Matches(html, "url\\("), Is.Empty);
    }

    [Test]
    public void HostileTextIsText()
    {
        string html = Full(SampleCharts.Hostile);
        Assert.That(html, Does.Not.Contain("<script"));
        Assert.That(html, Does.Contain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;"));
        Assert.That(html.Where(c => c < ' ' && c is not ('\n' or '\t')), Is.Empty);
        Assert.That(html, Does.Contain("&quot;NaN&quot;"));
    }

    /// <summary>HTML is not XML, but what stands in the body here is, so that a missing end shows.</summary>
    [TestCase("plain")]
    [TestCase(SampleCharts.Hostile)]
    public void ElementsAreClosed(string text)
    {
        string html = Full(text);
        int from = html.IndexOf("<body>", StringComparison.Ordinal), to = html.IndexOf("</html>", StringComparison.Ordinal);
        XElement body = XDocument.Parse(html[from..to]).Root!;
        Assert.That(body.Descendants("h1").Count(), Is.EqualTo(1));
        Assert.That(body.Descendants("figure").Count(), Is.EqualTo(8), "four charts, each for a screen and for a phone");
        Assert.That(body.Descendants("details").Count(), Is.EqualTo(1));
    }

    [Test]
    public void ColumnsOfNumbersAreAlignedRight()
    {
        HtmlReport report = new("t", "s");
        report.Section("h").Table(["name", "value", "odd"], [["a", "0.93 ± 0.01", "1"], ["b", "12%", "two"], ["c", "", "3"]]);
        string html = report.ToHtml();
        Assert.That(html, Does.Contain("<th>name</th><th class=\"number\">value</th><th>odd</th>"));
        Assert.That(html, Does.Contain("<td>a</td><td class=\"number\">0.93 ± 0.01</td><td>1</td>"));
        Assert.That(() => report.Section("h").Table(["a"], [["1", "2"]]), Throws.ArgumentException);
    }

    [Test]
    public void MarksAreAsStrongAsTheirValues()
    {
        string html = new MarkedText([new("bad", -1), new("fine", 0.5), new("?", double.NaN), new("over", 7)]).ToHtml();
        Assert.That(html, Does.Contain("background:rgba(213,94,0,0.55)\" title=\"-1.00\">bad<"));
        Assert.That(html, Does.Match("rgba\\(0,114,178,0\\.2[78]\\)\" title=\"\\+0\\.50\">fine<"));
        Assert.That(html, Does.Contain("<bdi>?</bdi>").And.Contain("0.55)\" title=\"+7.00\">over"));
    }

    [Test]
    public void AFolderThatIsNotThereIsTold() =>
        Assert.That(() => new HtmlReport("t", "s").Write("/nowhere/at/all/report.html"), Throws.TypeOf<BadFileException>());
}

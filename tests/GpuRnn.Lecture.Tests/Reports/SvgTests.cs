using System.Globalization;
using System.Xml.Linq;
using GpuRnn.Reports;
using GpuRnn.Reports.Drawings;

namespace GpuRnn.Lecture.Tests.Reports;

/// <summary>SVG as an XML parser and a reader find it.</summary>
public class SvgTests
{
    [TestCaseSource(typeof(SampleCharts), nameof(SampleCharts.Charts))]
    public void IsXmlWithFiniteNumbersInAnyWidth(object chart)
    {
        foreach (int width in new[] { 320, 780 })
        {
            string svg = SvgWriter.Inline((Chart)chart, width);
            XElement root = XDocument.Parse(svg).Root!;
            Assert.That(root.Attribute("role")!.Value, Is.EqualTo("img"));
            Assert.That(root.Attribute("aria-label")!.Value, Is.Not.Empty);
            foreach (XAttribute a in root.DescendantsAndSelf().Attributes().Where(a => a.Name.LocalName is not ("aria-label" or "href")))
                Assert.That(a.Value, Does.Not.Contain("NaN").And.Not.Contain("∞").And.Not.Match("[0-9]E[+-]?[0-9]"), a.Name.LocalName);
            Assert.That(svg, Has.Length.LessThan(250_000));
        }
    }

    [Test]
    public void HostileTextIsText()
    {
        foreach (Chart chart in SampleCharts.AllWith(SampleCharts.Hostile))
        {
            XDocument svg = XDocument.Parse(SvgWriter.Inline(chart, 780));
            Assert.That(svg.Descendants().Select(e => e.Name.LocalName), Has.None.EqualTo("script"));
            Assert.That(
                svg.Root!.Attribute("aria-label")!.Value, Does.Contain("<script>alert(\"1\")</script> & 'x'").And.Contain("␀␁␛"));
        }
        Assert.That(Escape.Text("\uD83D\uDE00\uD800"), Is.EqualTo("😀\uFFFD"));
        Assert.That(Escape.Text("a\tb\r\nc\rd"), Is.EqualTo("a\tb\nc␍d"));
    }

    /// <summary>
    /// x from 0 to 10 and y from 0 to 1 over a known area: a point is where a ruler would put it, and stands on the ticks' lines.
    /// </summary>
    [Test]
    public void APointLandsWhereTheAxesSay()
    {
        LineChart chart = new("", "", "", new Series("s", [0, 4, 10], [0, 0.5, 1]) { Style = SeriesStyle.Points }) { YLimits = new(0, 1) };
        LineDrawing drawing = (LineDrawing)chart.Layout(600);
        Box area = drawing.Area;
        XDocument svg = XDocument.Parse(SvgWriter.Inline(chart, 600));
        XElement point = svg.Descendants("circle").Single(e => e.Value.StartsWith("s: 0.5 at 4"));
        // points have air of 2% of the range at the right; 0 is the least and stays at the left edge
        Assert.That(N(point, "cx"), Is.EqualTo(area.Left + area.Width * 4 / 10.2).Within(0.06));
        Assert.That(N(point, "cy"), Is.EqualTo(area.Top + area.Height / 2).Within(0.06));
        XElement label = svg.Descendants("text").Single(e => e.Value == "4");
        Assert.That(N(label, "x"), Is.EqualTo(N(point, "cx")));
        Assert.That(svg.Descendants("text").Where(e => e.Value.Contains('.')).Select(e => e.Value),
            Is.EqualTo(new[] { "0.2", "0.4", "0.6", "0.8", "1.0" }));
    }

    [Test]
    public void LogarithmicAxesSpaceDecadesEvenly()
    {
        Axis axis = new(new(1e-5, 1), true, 500, 0);
        Assert.That(axis.At(1e-5), Is.EqualTo(500).Within(1e-9));
        Assert.That(axis.At(1e-3), Is.EqualTo(300).Within(1e-9));
        Assert.That(axis.At(1), Is.Zero.Within(1e-9));
        Assert.That(axis.Shows(0), Is.False);
    }

    [Test]
    public void AGapIsAGap()
    {
        LineChart chart = new("", "", "", new Series("s", [0, 1, 2, 3, 4], [1, 2, double.NaN, 2, 1]));
        XElement[] lines = [.. XDocument.Parse(SvgWriter.Inline(chart, 600)).Descendants("polyline").Where(e => e.Value.StartsWith("s:"))];
        Assert.That(lines.Select(l => l.Attribute("points")!.Value.Split(' ').Length), Is.EqualTo(new[] { 2, 2 }));
    }

    /// <summary>A bar of 2 on an axis from 0 to 4 is half as high as the area, and stands on its ground.</summary>
    [Test]
    public void ABarIsAsHighAsItsValue()
    {
        BarChart chart = new("", "", ["a", "b"], new BarSeries("s", [2, 4])) { ValueLimits = new(0, 4) };
        Box area = ((BarDrawing)chart.Layout(600)).Area;
        XElement bar = XDocument.Parse(SvgWriter.Inline(chart, 600)).Descendants("path").Single(e => e.Value == "a, s: 2");
        double[] corners = CornersOf(bar);
        Assert.That(Math.Min(corners[1], corners[3]), Is.EqualTo(area.Top + area.Height / 2).Within(0.06));
        Assert.That(Math.Max(corners[1], corners[3]), Is.EqualTo(area.Bottom).Within(0.06));
    }

    /// <summary>Bars of a category that are there stand together around its middle, whichever are missing; groups stand apart.</summary>
    [TestCase(900, TestName = "BarsOfGroupsStandTogether(standing)"), TestCase(120, TestName = "BarsOfGroupsStandTogether(lying)")]
    public void BarsOfGroupsStandTogether(int width)
    {
        BarChart chart =
            new("", "", ["a\nb", "c", "d"], new BarSeries("one", [1, 2, 4]), new BarSeries("two", [2, double.NaN, 3]) { Hue = 4 })
            {
                Groups = [new("first", 2), new("second", 1)],
            };
        XDocument svg = XDocument.Parse(SvgWriter.Inline(chart, width));
        bool lying = width < 200;
        double Middle(string tip)
        {
            double[] corners = CornersOf(svg.Descendants("path").Single(e => e.Value == tip));
            return lying ? (corners[1] + corners[3]) / 2 : (corners[0] + corners[2]) / 2;
        }
        double Name(string text) => N(svg.Descendants("text").Single(e => e.Value == text), lying ? "y" : "x") - (lying ? 4 : 0);
        double first = (Middle("a, b, one: 1") + Middle("a, b, two: 2")) / 2, second = Middle("c, one: 2"),
            third = (Middle("d, one: 4") + Middle("d, two: 3")) / 2;
        Assert.That(first, Is.EqualTo(Name(lying ? "a, b" : "a")).Within(0.2));
        Assert.That(second, Is.EqualTo(Name("c")).Within(0.2), "alone, and in the middle");
        Assert.That(third - second, Is.GreaterThan(second - first + 20), "another group");
        Assert.That(svg.Descendants("path").Single(e => e.Value == "d, two: 3").Attribute("fill")!.Value, Does.StartWith("var(--s4,"));
    }

    [Test]
    public void ABarHasItsNumberAboveItsThinLine()
    {
        BarChart chart =
            new("", "", ["a"], new BarSeries("s", [50.6]) { Band = new([40], [75]) }) { ValueLimits = new(0, 100), ValueFormat = "0" };
        Box area = ((BarDrawing)chart.Layout(600)).Area;
        XDocument svg = XDocument.Parse(SvgWriter.Inline(chart, 600));
        XElement number = svg.Descendants("text").Single(e => e.Value == "51");
        XElement[] lines = [.. svg.Descendants("polyline").Where(e => e.Value == "a, s: 50.6 (40 to 75)")];
        Assert.That(lines.Single().Attribute("points")!.Value.Split(' ', ',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))
            .Where((_, i) => i % 2 == 1),
            Is.EqualTo(new[] { area.Bottom - 0.40 * area.Height, area.Bottom - 0.75 * area.Height }).Within(0.06));
        Assert.That(N(number, "y"), Is.InRange(area.Bottom - 0.75 * area.Height - 10, area.Bottom - 0.75 * area.Height - 2));
    }

    /// <summary>A triangle stands around its point, and the series that comes first can be drawn last.</summary>
    [Test]
    public void TrianglesAndTheFirstSeriesOnTop()
    {
        LineChart chart =
            new("", "", "", new Series("a", [1], [0.5]) { Style = SeriesStyle.Triangles, Hue = 2 },
            new Series("b", [1, 2], [0, 1]) { Style = SeriesStyle.Plain })
            {
                XLimits = new(0, 4), YLimits = new(0, 1), FirstOnTop = true,
            };
        Box area = ((LineDrawing)chart.Layout(600)).Area;
        XElement[] drawn = [.. XDocument.Parse(SvgWriter.Inline(chart, 600)).Descendants("polyline").Where(e => e.Value.Length > 0)];
        Assert.That(drawn.Select(e => e.Value[0]), Is.EqualTo("ba"));
        double[] numbers =
            [.. drawn[1].Attribute("points")!.Value.Split(' ', ',').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        double[] x = [.. numbers.Where((_, i) => i % 2 == 0)], y = [.. numbers.Where((_, i) => i % 2 == 1)];
        Assert.That((x.Min() + x.Max()) / 2, Is.EqualTo(area.Left + area.Width / 4).Within(0.11));
        Assert.That(area.Top + area.Height / 2, Is.InRange(y.Min() + 1, y.Max() - 1));
        Assert.That(drawn[1].Attribute("stroke")!.Value, Does.StartWith("var(--s2,"));
        Assert.That(XDocument.Parse(SvgWriter.Inline(chart, 600)).Descendants("circle"), Is.Empty, "a plain line has no dots");
    }

    [Test]
    public void AFileOfItsOwnHasItsNamespaceAndColours()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.svg");
        SvgWriter.Write(SampleCharts.AllWith("x")[0], path);
        XDocument svg = XDocument.Load(path);
        File.Delete(path);
        Assert.That(svg.Root!.Name.NamespaceName, Is.EqualTo("http://www.w3.org/2000/svg"));
        Assert.That(svg.Descendants().First(e => e.Name.LocalName == "style").Value,
            Does.Contain("--s0:#0072b2").And.Contain("prefers-color-scheme:dark"));
    }

    [Test]
    public void ListsOfUnequalLengthAreRefused()
    {
        Assert.That(() => new LineChart("", "", "", new Series("s", [1, 2], [1])), Throws.ArgumentException);
        Assert.That(() => new BarChart("", "", ["a"], new BarSeries("s", [1, 2])), Throws.ArgumentException);
        Assert.That(() => new HeatMap("", new double[1, 2], [], ["a"]), Throws.ArgumentException);
        Assert.That(() => new RgbPicture(2, 2, new byte[11]), Throws.ArgumentException);
    }

    /// <summary>Of a bar: left and top, right, bottom, left again.</summary>
    static double[] CornersOf(XElement bar) =>
        [.. bar.Attribute("d")!.Value.Split('M', ' ', 'H', 'V', 'z').Where(p => p.Length > 0)
            .Select(p => double.Parse(p, CultureInfo.InvariantCulture))];

    static double N(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}

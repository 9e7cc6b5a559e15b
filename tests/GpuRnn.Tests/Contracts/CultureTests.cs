using System.Globalization;
using GpuRnn.Layers;

namespace GpuRnn.Tests.Contracts;

/// <summary>What the library says is the same in every language.</summary>
public class CultureTests
{
    /// <summary>A program that embeds the library has a culture of its own; what the library says has not.</summary>
    [Test]
    public void MessagesOfTheLibraryHaveDecimalPoints()
    {
        CultureInfo before = CultureInfo.CurrentCulture, comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.That($"{-1.5}", Is.EqualTo("~1,5"));
            Assert.That(() => new DropoutOptions { Rate = -1.5 }.Check(),
                Throws.TypeOf<BadArgumentException>().With.Message.Contains("-1.5"));
            double value = -2.25;
            Assert.That(new GpuRnnException($"{value} and {value:F3}, " + $"{"text"} {value}").Message,
                Is.EqualTo("-2.25 and -2.250, text -2.25"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

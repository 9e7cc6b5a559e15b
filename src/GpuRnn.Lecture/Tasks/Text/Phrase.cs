using System.Text;
using GpuRnn.Data;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>
/// A text with choices left open. Every choice is made independently of the others, so entropies and mean lengths simply add up; and no
/// phrase contains itself, so the sums are finite and exact.
/// </summary>
abstract record Phrase
{
    /// <summary>Entropy of the choices, in nats. It is the entropy of the text where no text comes from two different choices.</summary>
    public abstract double Nats { get; }

    /// <summary>Mean number of characters.</summary>
    public abstract double MeanLength { get; }

    /// <summary>All literals that may occur.</summary>
    public abstract IEnumerable<string> Literals { get; }

    /// <summary>Appends one text, making the choices with <paramref name="random"/>.</summary>
    public abstract void Write(StringBuilder text, SplitMix random);

    /// <summary>A literal, so that tables of phrases read like text.</summary>
    public static implicit operator Phrase(string text) => new Literal(text);

    /// <summary>Always the same text.</summary>
    public sealed record Literal(string Text) : Phrase
    {
        public override double Nats => 0;

        public override double MeanLength => Text.Length;

        public override IEnumerable<string> Literals => [Text];

        public override void Write(StringBuilder text, SplitMix random) => text.Append(Text);
    }

    /// <summary>Phrases one after another.</summary>
    public sealed record Series(params Phrase[] Parts) : Phrase
    {
        public override double Nats => Parts.Sum(part => part.Nats);

        public override double MeanLength => Parts.Sum(part => part.MeanLength);

        public override IEnumerable<string> Literals => Parts.SelectMany(part => part.Literals);

        public override void Write(StringBuilder text, SplitMix random)
        {
            foreach (Phrase part in Parts)
                part.Write(text, random);
        }
    }

    /// <summary>One phrase out of several, as likely as its share of the weights, which are whole numbers to make draws exact.</summary>
    public sealed record Choice(params (int Weight, Phrase Phrase)[] Options) : Phrase
    {
        readonly int total = Options.Sum(option => option.Weight);

        public override double Nats => Mean(option => option.Phrase.Nats - Math.Log(Probability(option.Weight)));

        public override double MeanLength => Mean(option => option.Phrase.MeanLength);

        public override IEnumerable<string> Literals => Options.SelectMany(option => option.Phrase.Literals);

        public override void Write(StringBuilder text, SplitMix random)
        {
            int draw = random.Below(total), chosen = 0;
            while (draw >= Options[chosen].Weight)
                draw -= Options[chosen++].Weight;
            Options[chosen].Phrase.Write(text, random);
        }

        double Probability(int weight) => (double)weight / total;

        double Mean(Func<(int Weight, Phrase Phrase), double> value) =>
            Options.Sum(option => Probability(option.Weight) * value(option));
    }
}

using GpuRnn.Layers;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>Judges a model on a whole text as one sequence, its state carried from first character to last.</summary>
sealed class TextEvaluation : IDisposable
{
    const int Unroll = 256;
    readonly Pass<float> pass;
    readonly DensePass<float> head;

    public TextEvaluation(TextModel model)
    {
        pass = model.Network.Plan(Unroll, 1);
        head = model.Head.Plan(pass, Loss.SoftmaxCrossEntropy);
    }

    /// <summary>Nats a character over all characters but the first; best: the likeliest next character at each place, if wanted.</summary>
    public double Run(int[] codes, int[]? best = null, CancellationToken cancel = default)
    {
        double nats = 0;
        pass.ClearInitialStates();
        for (int at = 0, n; at < codes.Length - 1; at += n)
        {
            cancel.ThrowIfCancellationRequested();
            n = Math.Min(Unroll, codes.Length - 1 - at);
            pass.SetShape(n, 1);
            if (at > 0) pass.CarryStates();
            pass.Forward(codes.AsSpan(at, n), []);
            head.SetClasses(codes.AsSpan(at + 1, n));
            head.Scale = 1;
            head.Forward();
            nats += head.ReadLoss();
            if (best is not null) head.ReadBest(best.AsSpan(at, n));
        }
        return nats / (codes.Length - 1);
    }

    /// <summary>The share of far words whose every character was the likeliest one where the text before was given.</summary>
    public double FarWordAccuracy(string text, int[] codes, TravelGrammar grammar, CancellationToken cancel)
    {
        int[] best = new int[codes.Length];
        Run(codes, best, cancel);
        int right = 0, all = 0;
        foreach (FarWord word in grammar.FindFarWords(text))
        {
            bool whole = true;
            for (int i = word.Start; i < word.Start + word.Length; i++) whole &= best[i - 1] == codes[i];
            right += whole ? 1 : 0;
            all++;
        }
        return all == 0 ? double.NaN : (double)right / all;
    }

    public void Dispose()
    {
        head.Dispose();
        pass.Dispose();
    }
}

namespace GpuRnn.Cli.Checking;

/// <summary>One step of one sequence: [gates * H] products, and what the equations made of them.</summary>
sealed class PlainStep(int gates, int size)
{
    public required double[] X, PreviousH, PreviousC;

    /// <summary>W_ih x + b_ih and W_hh (what the gate reads) + b_hh of all gates; behind Backward the gradients of the two.</summary>
    public readonly double[] Input = new double[gates * size], Hidden = new double[gates * size];
    public readonly double[] H = new double[size], C = new double[size];

    /// <summary>What each gate's hidden product read.</summary>
    public readonly double[][] Read = new double[gates][];
    public readonly double[] DInput = new double[gates * size], DHidden = new double[gates * size];

    public double Sum(int gate, int unit) => Input[gate * size + unit] + Hidden[gate * size + unit];

    /// <summary>The gradient of a gate that input and hidden product feed alike.</summary>
    public void SetGradient(int gate, int unit, double value) => DInput[gate * size + unit] = DHidden[gate * size + unit] = value;
}

/// <summary>A cell's equations on plain numbers, written from the papers and not from the kernels.</summary>
abstract class PlainCell
{
    public abstract int Gates { get; }
    public virtual bool HasC => false;

    /// <summary>What a gate's hidden product reads; gates below are known already.</summary>
    public virtual double[] ReadBy(PlainStep s, int gate) => s.PreviousH;

    /// <summary>h and c.</summary>
    public abstract void Forward(PlainStep s);

    /// <summary>
    /// From dh and dc of this step: gradients of the gates, and in dh and dc what reaches the step before by no product.
    /// </summary>
    public abstract void Backward(PlainStep s, double[] dh, double[] dc);

    /// <summary>Takes in the gradient of what a gate's hidden product read; gates come last first.</summary>
    public virtual void Absorb(PlainStep s, int gate, double[] dRead, double[] dh)
    {
        for (int j = 0; j < dh.Length; j++) dh[j] += dRead[j];
    }

    protected static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static PlainCell Of(string name) => name switch
    {
        "lstm" => new PlainLstm(),
        "gru" => new PlainGru(),
        "rnn_tanh" => new PlainRnn(Math.Tanh, y => 1 - y * y),
        "rnn_relu" => new PlainRnn(x => Math.Max(x, 0), y => y > 0 ? 1 : 0),
        "rnn_sigmoid" => new PlainRnn(Sigmoid, y => y * (1 - y)),
        "relevance_lstm" => new PlainRelevance(x => x, _ => 1),
        "relevance_lstm_tanh" => new PlainRelevance(Math.Tanh, y => 1 - y * y),
        _ => throw new GpuRnnException($"There are no plain equations of the cell '{name}' to check it against."),
    };
}

/// <summary>h = g(W_ih x + W_hh h + b).</summary>
sealed class PlainRnn(Func<double, double> g, Func<double, double> slope) : PlainCell
{
    public override int Gates => 1;

    public override void Forward(PlainStep s)
    {
        for (int j = 0; j < s.H.Length; j++) s.H[j] = g(s.Sum(0, j));
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            s.SetGradient(0, j, dh[j] * slope(s.H[j]));
            dh[j] = 0;
        }
    }
}

/// <summary>Gates i f g o: c = f c + i g, h = o tanh c.</summary>
sealed class PlainLstm : PlainCell
{
    public override int Gates => 4;
    public override bool HasC => true;

    static (double I, double F, double G, double O) At(PlainStep s, int j) =>
        (Sigmoid(s.Sum(0, j)), Sigmoid(s.Sum(1, j)), Math.Tanh(s.Sum(2, j)), Sigmoid(s.Sum(3, j)));

    public override void Forward(PlainStep s)
    {
        for (int j = 0; j < s.H.Length; j++)
        {
            var (i, f, g, o) = At(s, j);
            s.C[j] = f * s.PreviousC[j] + i * g;
            s.H[j] = o * Math.Tanh(s.C[j]);
        }
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            var (i, f, g, o) = At(s, j);
            double y = Math.Tanh(s.C[j]), d = dc[j] + dh[j] * o * (1 - y * y);
            s.SetGradient(0, j, d * g * i * (1 - i));
            s.SetGradient(1, j, d * s.PreviousC[j] * f * (1 - f));
            s.SetGradient(2, j, d * i * (1 - g * g));
            s.SetGradient(3, j, dh[j] * y * o * (1 - o));
            (dh[j], dc[j]) = (0, d * f);
        }
    }
}

/// <summary>Gates r z n: n = tanh(n_x + r n_h), h = (1 - z) n + z h.</summary>
sealed class PlainGru : PlainCell
{
    public override int Gates => 3;

    static (double R, double Z, double N, double HiddenN) At(PlainStep s, int j)
    {
        int at = 2 * s.H.Length + j;
        double r = Sigmoid(s.Sum(0, j));
        return (r, Sigmoid(s.Sum(1, j)), Math.Tanh(s.Input[at] + r * s.Hidden[at]), s.Hidden[at]);
    }

    public override void Forward(PlainStep s)
    {
        for (int j = 0; j < s.H.Length; j++)
        {
            var (_, z, n, _) = At(s, j);
            s.H[j] = (1 - z) * n + z * s.PreviousH[j];
        }
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            var (r, z, n, hiddenN) = At(s, j);
            double dn = dh[j] * (1 - z) * (1 - n * n);
            s.SetGradient(0, j, dn * hiddenN * r * (1 - r));
            s.SetGradient(1, j, dh[j] * (s.PreviousH[j] - n) * z * (1 - z));
            s.DInput[2 * dh.Length + j] = dn;
            s.DHidden[2 * dh.Length + j] = dn * r;
            dh[j] *= z;
        }
    }
}

/// <summary>Gates u r f o n, of which n's hidden product reads r h: c = u n + f c, h = o g(c).</summary>
sealed class PlainRelevance(Func<double, double> g, Func<double, double> slope) : PlainCell
{
    const int Candidate = 4;

    public override int Gates => 5;
    public override bool HasC => true;

    static (double U, double R, double F, double O, double N) At(PlainStep s, int j) =>
        (Sigmoid(s.Sum(0, j)), Sigmoid(s.Sum(1, j)), Sigmoid(s.Sum(2, j)), Sigmoid(s.Sum(3, j)), Math.Tanh(s.Sum(Candidate, j)));

    public override double[] ReadBy(PlainStep s, int gate) =>
        gate < Candidate ? s.PreviousH : [.. s.PreviousH.Select((h, j) => Sigmoid(s.Sum(1, j)) * h)];

    public override void Forward(PlainStep s)
    {
        for (int j = 0; j < s.H.Length; j++)
        {
            var (u, _, f, o, n) = At(s, j);
            s.C[j] = u * n + f * s.PreviousC[j];
            s.H[j] = o * g(s.C[j]);
        }
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            var (u, _, f, o, n) = At(s, j);
            double y = g(s.C[j]), d = dc[j] + dh[j] * o * slope(y);
            s.SetGradient(0, j, d * n * u * (1 - u));
            s.SetGradient(2, j, d * s.PreviousC[j] * f * (1 - f));
            s.SetGradient(3, j, dh[j] * y * o * (1 - o));
            s.SetGradient(Candidate, j, d * u * (1 - n * n));
            (dh[j], dc[j]) = (0, d * f);
        }
    }

    public override void Absorb(PlainStep s, int gate, double[] dRead, double[] dh)
    {
        if (gate < Candidate)
        {
            base.Absorb(s, gate, dRead, dh);
            return;
        }
        for (int j = 0; j < dh.Length; j++)
        {
            double r = At(s, j).R;
            dh[j] += dRead[j] * r;
            s.SetGradient(1, j, dRead[j] * s.PreviousH[j] * r * (1 - r));
        }
    }
}

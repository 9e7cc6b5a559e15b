namespace GpuRnn.Lecture.Cells;

/// <summary>
/// A cell's equations on plain numbers, written from the papers and not from the kernels: gates one after another, h and c of them, and
/// the way back. `gpurnn check` holds the engine to them; `gpurnn lab gates` looks at gates and holds them.
/// </summary>
public abstract class PlainCell
{
    public abstract int Gates { get; }
    public virtual bool HasC => false;

    /// <summary>What a gate's hidden product reads; gates before it are known.</summary>
    public virtual double[] Read(int gate, double[] h, IReadOnlyList<double[]> gates) => h;

    /// <summary>A gate of a unit, from its input and its hidden product with their biases; gates before it are known.</summary>
    public abstract double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit);

    /// <summary>The next h and c of a unit; c is 0 in cells that have none.</summary>
    public abstract (double H, double C) Next(IReadOnlyList<double[]> gates, int unit, double h, double c);

    /// <summary>
    /// From dh and dc of a step: gradients of the gates' products, and in dh and dc what reaches the step before by no product.
    /// </summary>
    public abstract void Backward(PlainStep s, double[] dh, double[] dc);

    /// <summary>Takes in the gradient of what a gate's hidden product read; gates come last first.</summary>
    public virtual void Absorb(PlainStep s, int gate, double[] dRead, double[] dh)
    {
        for (int j = 0; j < dh.Length; j++) dh[j] += dRead[j];
    }

    protected static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <param name="name">A cell of the engine.</param>
    /// <exception cref="GpuRnnException">There is none of that name here.</exception>
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

    public override double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) => g(input + hidden);

    public override (double, double) Next(IReadOnlyList<double[]> gates, int unit, double h, double c) => (gates[0][unit], 0);

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
    const int I = 0, F = 1, G = 2, O = 3;

    public override int Gates => 4;
    public override bool HasC => true;

    public override double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) =>
        gate == G ? Math.Tanh(input + hidden) : Sigmoid(input + hidden);

    public override (double, double) Next(IReadOnlyList<double[]> gates, int unit, double h, double c)
    {
        double next = gates[F][unit] * c + gates[I][unit] * gates[G][unit];
        return (gates[O][unit] * Math.Tanh(next), next);
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            double i = s.Gates[I][j], f = s.Gates[F][j], g = s.Gates[G][j], o = s.Gates[O][j];
            double y = Math.Tanh(s.C[j]), d = dc[j] + dh[j] * o * (1 - y * y);
            s.SetGradient(I, j, d * g * i * (1 - i));
            s.SetGradient(F, j, d * s.PreviousC[j] * f * (1 - f));
            s.SetGradient(G, j, d * i * (1 - g * g));
            s.SetGradient(O, j, dh[j] * y * o * (1 - o));
            (dh[j], dc[j]) = (0, d * f);
        }
    }
}

/// <summary>Gates r z n: n = tanh(n_x + r n_h), h = (1 - z) n + z h.</summary>
sealed class PlainGru : PlainCell
{
    const int R = 0, Z = 1, N = 2;

    public override int Gates => 3;

    public override double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) =>
        gate == N ? Math.Tanh(input + gates[R][unit] * hidden) : Sigmoid(input + hidden);

    public override (double, double) Next(IReadOnlyList<double[]> gates, int unit, double h, double c) =>
        ((1 - gates[Z][unit]) * gates[N][unit] + gates[Z][unit] * h, 0);

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            double r = s.Gates[R][j], z = s.Gates[Z][j], n = s.Gates[N][j], dn = dh[j] * (1 - z) * (1 - n * n);
            s.SetGradient(R, j, dn * s.Hidden[N][j] * r * (1 - r));
            s.SetGradient(Z, j, dh[j] * (s.PreviousH[j] - n) * z * (1 - z));
            s.DInput[N][j] = dn;
            s.DHidden[N][j] = dn * r;
            dh[j] *= z;
        }
    }
}

/// <summary>Gates u r f o n, of which n's hidden product reads r h: c = u n + f c, h = o g(c).</summary>
sealed class PlainRelevance(Func<double, double> g, Func<double, double> slope) : PlainCell
{
    const int U = 0, R = 1, F = 2, O = 3, N = 4;

    public override int Gates => 5;
    public override bool HasC => true;

    public override double[] Read(int gate, double[] h, IReadOnlyList<double[]> gates) =>
        gate == N ? [.. h.Select((value, j) => gates[R][j] * value)] : h;

    public override double Activate(int gate, double input, double hidden, IReadOnlyList<double[]> gates, int unit) =>
        gate == N ? Math.Tanh(input + hidden) : Sigmoid(input + hidden);

    public override (double, double) Next(IReadOnlyList<double[]> gates, int unit, double h, double c)
    {
        double next = gates[U][unit] * gates[N][unit] + gates[F][unit] * c;
        return (gates[O][unit] * g(next), next);
    }

    public override void Backward(PlainStep s, double[] dh, double[] dc)
    {
        for (int j = 0; j < dh.Length; j++)
        {
            double u = s.Gates[U][j], f = s.Gates[F][j], o = s.Gates[O][j], n = s.Gates[N][j];
            double y = g(s.C[j]), d = dc[j] + dh[j] * o * slope(y);
            s.SetGradient(U, j, d * n * u * (1 - u));
            s.SetGradient(F, j, d * s.PreviousC[j] * f * (1 - f));
            s.SetGradient(O, j, dh[j] * y * o * (1 - o));
            s.SetGradient(N, j, d * u * (1 - n * n));
            (dh[j], dc[j]) = (0, d * f);
        }
    }

    public override void Absorb(PlainStep s, int gate, double[] dRead, double[] dh)
    {
        if (gate != N)
        {
            base.Absorb(s, gate, dRead, dh);
            return;
        }
        for (int j = 0; j < dh.Length; j++)
        {
            double r = s.Gates[R][j];
            dh[j] += dRead[j] * r;
            s.SetGradient(R, j, dRead[j] * s.PreviousH[j] * r * (1 - r));
        }
    }
}

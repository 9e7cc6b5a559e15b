using GpuRnn.Devices;
using GpuRnn.Layers;

namespace GpuRnn.Models;

/// <summary>Shape of an <see cref="EncoderDecoder{E}"/>.</summary>
public sealed record EncoderDecoderOptions
{
    /// <summary>Numbers a step of the source, or how many indices there are.</summary>
    public required int SourceSize { get; init; }
    /// <summary>Are the source's steps indices, such as words, rather than rows of numbers, such as pieces of a picture?</summary>
    public bool SourceIsIndex { get; init; } = true;
    /// <summary>
    /// Units of dense layers of rectifiers that a source of numbers goes through, step by step, before the encoder: what is to be seen in
    /// a piece of a picture, wherever it lies.
    /// </summary>
    public IReadOnlyList<int> SourceLayers { get; init; } = [];
    /// <summary>How many indices the target has.</summary>
    public required int TargetSize { get; init; }
    /// <summary>D, numbers that a target's index is embedded in.</summary>
    public int EmbeddingSize { get; init; } = 64;
    /// <summary>H, units of the decoder; the encoder has half of them in each direction. Even.</summary>
    public int Hidden { get; init; } = 128;
    /// <summary>Layers of encoder and decoder.</summary>
    public int Layers { get; init; } = 1;
    /// <summary>The cell of both.</summary>
    public Cell Cell { get; init; } = Cell.Lstm;
    /// <summary>How the decoder looks at the encoder's steps.</summary>
    public AttentionKind Attention { get; init; } = AttentionKind.Additive;
}

/// <summary>
/// Many-to-many over sequences of different lengths, or one-to-many: an encoder reads the source in both directions, a decoder starts from
/// the encoder's final states and writes the target, looking at the encoder's steps as it goes (Bahdanau, Cho and Bengio 2015; input
/// feeding is not used).
/// </summary>
/// <remarks>
/// y_t = W_e tanh(W_m [h_t; context_t] + b_m) + b_y, where W_e is the table of the target's embedding (tied, Press and Wolf 2017).
/// Parameters: embedding.weight [V, D], source.0.weight and so on if there are dense layers before the encoder, encoder.* and decoder.* as
/// <see cref="Recurrent{E}"/> has them, attention.*, mix.weight [D, 2 H], mix.bias, head.bias [V].
/// </remarks>
/// <typeparam name="E">float or double.</typeparam>
public sealed class EncoderDecoder<E> : IDisposable where E : unmanaged, IFloatingPointIeee754<E>
{
    /// <summary>
    /// Places of dropouts: recurrent layers have those from 0 on, encoder and decoder in turn; then the source's dense layers; then the
    /// output.
    /// </summary>
    internal const int SourcePlace = 50, OutputPlace = 100;

    /// <summary>Layers that those places leave room for.</summary>
    const int MostLayers = 25;

    readonly Guard guard;

    /// <summary>A model with weights of 0.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">Its shape.</param>
    /// <exception cref="BadArgumentException">A size is below 1, or H is odd.</exception>
    public EncoderDecoder(Device device, EncoderDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.SourceLayers);
        if (options.Hidden < 2 || options.Hidden % 2 != 0)
            throw new BadArgumentException(
                $"A decoder of {options.Hidden} units cannot be: "
                + $"an even number, for the encoder has half of them in each direction.");
        if (options.Layers > MostLayers || options.SourceLayers.Count > 2 * MostLayers)
            throw new BadArgumentException(
                $"An encoder-decoder of {options.Layers} layers behind {options.SourceLayers.Count} dense ones cannot be: "
                + $"at most {MostLayers} and {2 * MostLayers}.");
        if (options.SourceIsIndex && options.SourceLayers.Count > 0)
            throw new BadArgumentException("Dense layers read numbers; a source of indices has none.");
        Options = options;
        Parameters = new(device);
        guard = new(this, Parameters.Usage);
        using Draft draft = Parameters.Begin(Free);
        TargetEmbedding = new(Parameters, options.TargetSize, options.EmbeddingSize);
        int size = options.SourceSize;
        foreach (int units in options.SourceLayers)
            SourceLayers.Add(new(Parameters, size, size = units, Activation.Relu, prefix: $"source.{SourceLayers.Count}."));
        Encoder = new(Parameters, options.Cell, size, options.Hidden / 2,
            new()
            {
                Layers = options.Layers, Directions = Directions.Concatenated, IndexInput = options.SourceIsIndex,
                Prefix = "encoder."
            });
        Decoder = new(Parameters, options.Cell, options.EmbeddingSize, options.Hidden,
            new() { Layers = options.Layers, Prefix = "decoder." });
        Attention = new(Parameters, options.Attention, options.Hidden, options.Hidden);
        Readout = new(Parameters, 2 * options.Hidden, options.EmbeddingSize, Activation.Tanh, prefix: "mix.");
        Head = new(TargetEmbedding, prefix: "head.");
        draft.Keep();
    }

    /// <summary>Its shape.</summary>
    public EncoderDecoderOptions Options { get; }
    /// <summary>All weights.</summary>
    public Parameters<E> Parameters { get; }
    internal List<Dense<E>> SourceLayers { get; } = [];
    /// <summary>The target's embedding, which is the output's weights too.</summary>
    public Embedding<E> TargetEmbedding { get; }
    /// <summary>Reads the source.</summary>
    public Recurrent<E> Encoder { get; }
    /// <summary>Writes the target.</summary>
    public Recurrent<E> Decoder { get; }
    /// <summary>Looks from one to the other.</summary>
    public Attention<E> Attention { get; }
    /// <summary>From h and context to what is compared with the embeddings.</summary>
    public Dense<E> Readout { get; }
    /// <summary>From there to outputs.</summary>
    public Dense<E> Head { get; }

    /// <summary>First weights.</summary>
    /// <param name="seed">The same seed, the same weights.</param>
    /// <param name="memory">Steps that the longest dependency spans: see <see cref="Recurrent{E}.Initialize"/>.</param>
    public void Initialize(int seed, int memory = 0)
    {
        using Guard.Scope scope = guard.Enter();
        TargetEmbedding.Initialize(seed, 1 / Math.Sqrt(Options.EmbeddingSize));
        SourceLayers.ForEach(l => l.Initialize(seed, Math.Sqrt(6)));
        Encoder.Initialize(seed, memory);
        Decoder.Initialize(seed, memory);
        Attention.Initialize(seed);
        Readout.Initialize(seed);
        Head.Initialize(seed);
    }

    /// <summary>Plans passes over pairs whose targets are known.</summary>
    /// <param name="sourceSteps">Steps of a source, at most.</param>
    /// <param name="targetSteps">Steps of a target, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="options">What they are for; null for inference.</param>
    public EncoderDecoderPass<E> Plan(int sourceSteps, int targetSteps, int sequences, ModelPassOptions? options = null) =>
        new(this, sourceSteps, targetSteps, sequences, options ?? new());

    /// <summary>Plans a search for targets that are not known.</summary>
    /// <param name="sourceSteps">Steps of a source, at most.</param>
    /// <param name="targetSteps">Steps of a target, at most.</param>
    /// <param name="sequences">B, at most.</param>
    /// <param name="beam">Candidates that are kept of each; 1 for the likeliest next at every step.</param>
    /// <param name="weightPrecision">How packed weights of recurrent layers are stored.</param>
    public BeamSearch<E> PlanSearch(
        int sourceSteps, int targetSteps, int sequences, int beam = 4, WeightPrecision weightPrecision = WeightPrecision.Full) =>
        new(this, sourceSteps, targetSteps, sequences, beam, new() { WeightPrecision = weightPrecision });

    /// <summary>Frees the weights.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside a call.</exception>
    public void Dispose() => guard.Close(Free);

    void Free()
    {
        Head?.Dispose();
        Readout?.Dispose();
        Attention?.Dispose();
        Decoder?.Dispose();
        Encoder?.Dispose();
        SourceLayers.ForEach(l => l.Dispose());
        Parameters.Dispose();
    }
}

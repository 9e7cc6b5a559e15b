using GpuRnn.Interop;
using GpuRnn.Layers;

namespace GpuRnn.Cli.Checking;

/// <summary>
/// A conformance file whose header has been checked against itself: no tensor is read and no memory taken before that, so that a file that
/// lies is refused at once. A case that is sound but beyond the engine says so in <see cref="Unsupported"/>.
/// </summary>
sealed class ConformanceCase : IDisposable
{
    const string Format = "gpurnn-conformance/1", Prefix = "param.";
    const long MostElements = 1 << 25, MostWork = 1 << 25;
    static readonly string[] s_given = ["input", "h0", "c0", "lengths", "grad_output", "grad_hn", "grad_cn"];
    readonly CaseMetadata metadata;

    public ConformanceCase(string path)
    {
        Path = path;
        File = SafetensorsFile.Open(path);
        try
        {
            metadata = new(path, File.Metadata);
            if (metadata.Text("format") != Format) throw metadata.Wrong($"it is no conformance case: its format is not {Format}");
            (InputSize, HiddenSize) = (metadata.Size("input_size", 1), metadata.Size("hidden_size", 1));
            bool both = metadata.Flag("bidirectional"), reverse = metadata.Text("direction", "forward") == "reverse";
            Options = new()
            {
                Layers = metadata.Size("num_layers", 1),
                Bias = metadata.Flag("bias"),
                Directions = both ? Directions.Concatenated : reverse ? Directions.Reverse : Directions.Forward,
            };
            if (both && reverse) throw metadata.Wrong("the metadata has bidirectional = true and direction = reverse");
            BatchFirst = metadata.Flag("batch_first", "false");
            (Cell, Unsupported) = Settle();
            if (Unsupported is null) CheckShapes();
        }
        catch
        {
            File.Dispose();
            throw;
        }
    }

    public string Path { get; }
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
    public SafetensorsFile File { get; }
    public Cell Cell { get; }
    public int InputSize { get; }
    public int HiddenSize { get; }
    public RecurrentOptions Options { get; }
    public bool BatchFirst { get; }
    public int Steps { get; private set; }
    public int Sequences { get; private set; }

    /// <summary>What the engine lacks for it; null if nothing.</summary>
    public string? Unsupported { get; }

    /// <summary>Parameters, as the network names them.</summary>
    public IEnumerable<string> Parameters => File.Tensors.Keys.Where(IsParameter).Select(n => n[Prefix.Length..]);

    /// <summary>All that is not given is expected.</summary>
    public IEnumerable<string> Expected => File.Tensors.Keys.Where(n => !IsParameter(n) && !s_given.Contains(n));

    static bool IsParameter(string tensor) => tensor.StartsWith(Prefix, StringComparison.Ordinal);

    public bool Has(string tensor) => File.Tensors.ContainsKey(tensor);

    public GpuRnnException Wrong(string what) => metadata.Wrong(what);

    /// <summary>The cell, and what about the case the engine does not have.</summary>
    (Cell, string?) Settle()
    {
        string name = metadata.Text("cell");
        string output = metadata.Text("output_activation", ""), order = metadata.Text("gate_order", "");
        string direction = metadata.Text("direction", "forward");
        Cell? cell = name == Cell.Relevance.Name && output == "tanh" ? Cell.RelevanceTanh : Cell.All.FirstOrDefault(c => c.Name == name);
        string outputs = name == "relevance_lstm" ? "identity tanh" : "tanh";
        string orders = name switch { "lstm" => "i,f,g,o", "gru" => "r,z,n", "relevance_lstm" => "u,r,f,o,c", _ => order };
        int projection = metadata.Size("proj_size", 0);
        double clip = metadata.Number("clip");
        string? lacks = cell is null ? $"the cell {name}"
            : projection != 0 ? $"a projection (proj_size {projection})"
            : clip != 0 ? $"clipped gates (clip {clip:R})"
            : metadata.Flag("input_forget", "false") ? "coupled gates (input_forget)"
            : metadata.Flag("cell_clip", "false") ? "a clipped cell (cell_clip)"
            : output != "" && name.Contains("lstm") && !outputs.Split(' ').Contains(output) ? $"the output activation {output}"
            : order != "" && order != orders ? $"the gate order {order}"
            : direction is not ("forward" or "reverse" or "bidirectional") ? $"the direction {direction}"
            : null;
        return (cell ?? Cell.Lstm, lacks is { Length: > 80 } ? lacks[..80] + "..." : lacks);
    }

    void CheckShapes()
    {
        if (!File.Tensors.TryGetValue("input", out TensorEntry? input)) throw Wrong("there is no tensor 'input'");
        if (input.Shape.Count != 3 || input.Shape.Any(d => d is < 1 or > int.MaxValue))
            throw Wrong($"'input' is {Text(input.Shape)}; expected three sizes from 1");
        (Steps, Sequences) = BatchFirst ? ((int)input.Shape[1], (int)input.Shape[0]) : ((int)input.Shape[0], (int)input.Shape[1]);
        int both = Options.Directions == Directions.Concatenated ? 2 : 1;
        // One layer is at least a tensor of its own; a wild number of layers must not be built to find out.
        if (Options.Layers > File.Tensors.Count)
            throw Wrong($"the metadata has num_layers = {Options.Layers}; there are {File.Tensors.Count} tensors");
        Int128 work = (Int128)Steps * Sequences * HiddenSize * both * Options.Layers;
        if (File.Tensors.Values.Sum(t => (decimal)t.Length) > MostElements || work > MostWork)
            throw Wrong($"it is too large for a conformance case: over {MostElements} numbers, or {MostWork} states over all steps");
        long[] rows = BatchFirst ? [Sequences, Steps] : [Steps, Sequences];
        long[] states = [Options.Layers * both, Sequences, HiddenSize];
        Dictionary<string, long[]> shapes = new() { ["lengths"] = [Sequences] };
        foreach (string name in (string[])["input", "grad_input"]) shapes[name] = [.. rows, InputSize];
        foreach (string name in (string[])["output", "grad_output"]) shapes[name] = [.. rows, both * HiddenSize];
        foreach (string name in (string[])["h0", "hn", "c0", "cn", "grad_h0", "grad_hn", "grad_c0", "grad_cn"]) shapes[name] = states;
        foreach ((string name, long[] shape) in shapes) CheckShape(name, shape);
        foreach (string name in Parameters)
            if (Has($"grad_param.{name}")) CheckShape($"grad_param.{name}", File.Tensors[$"param.{name}"].Shape);
        if (!Expected.Any()) throw Wrong("it expects nothing: there is no 'output' and no gradient");
    }

    void CheckShape(string name, IReadOnlyList<long> expected)
    {
        if (File.Tensors.TryGetValue(name, out TensorEntry? tensor) && !tensor.Shape.SequenceEqual(expected))
            throw Wrong($"'{name}' is {Text(tensor.Shape)}; by metadata, 'input' and parameters it must be {Text(expected)}");
    }

    /// <summary>The network's parameters must be those of the file, no more and no fewer.</summary>
    public void CheckParameters(IReadOnlyList<Parameter> all)
    {
        foreach (Parameter p in all)
        {
            if (!Has($"param.{p.Name}")) throw Wrong($"there is no tensor 'param.{p.Name}'; by the metadata the network has it");
            CheckShape($"param.{p.Name}", [.. p.Shape.Select(d => (long)d)]);
        }
        if (Parameters.Except(all.Select(p => p.Name)).FirstOrDefault() is { } unknown)
            throw Wrong($"by the metadata the network has no parameter '{(unknown.Length > 80 ? unknown[..80] : unknown)}'");
    }

    static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape.Take(8))}{(shape.Count > 8 ? ", ..." : "")}]";

    public void Dispose() => File.Dispose();
}

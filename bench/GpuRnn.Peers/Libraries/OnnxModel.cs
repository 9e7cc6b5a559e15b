using System.Runtime.InteropServices;
using Google.Protobuf;
using GpuRnn.Peers.Cases;

namespace GpuRnn.Peers.Libraries;

/// <summary>
/// Writes a case as an ONNX model: x [T, B, I] in, Y [T, directions, B, H] and final states out. The numbers are those of fields in
/// onnx.proto: the few that are needed don't warrant generated classes.
/// </summary>
static class OnnxModel
{
    const int IrVersion = 8, Opset = 14, Float = 1, Int8 = 3, Int64 = 7;
    const string OwnOperators = "com.microsoft";

    /// <param name="c">The case.</param>
    /// <param name="data">Its numbers.</param>
    /// <param name="quantized">An LSTM of one direction with weights in 8 bits, by ONNX Runtime's own operator?</param>
    public static byte[] Of(Case c, CaseData data, bool quantized) => Message(model =>
    {
        Number(model, 1, IrVersion);
        Bytes(model, 7, Message(graph => WriteGraph(graph, c, data, quantized)));
        Bytes(model, 8, Message(opset => Number(opset, 2, Opset)));
        if (quantized)
            Bytes(model, 8, Message(opset =>
            {
                Text(opset, 1, OwnOperators);
                Number(opset, 2, 1);
            }));
    });

    static void WriteGraph(CodedOutputStream graph, Case c, CaseData data, bool quantized)
    {
        Text(graph, 2, "recurrent");
        string input = "x";
        for (int l = 0; l < c.Layers; l++)
        {
            if (quantized) WriteQuantized(graph, c, data, l, input);
            else WriteLayer(graph, c, data, l, input);
            if (l == c.Layers - 1) break;
            // Y has the directions before the batch; the next layer wants them side by side
            Node(graph, "Transpose", [$"Y{l}"], [$"turned{l}"], ("perm", new[] { 0, 2, 1, 3 }));
            Tensor(graph, $"shape{l}", Int64, [3], MemoryMarshal.AsBytes<long>([c.Shape.T, c.Shape.B, c.OutputSize]));
            Node(graph, "Reshape", [$"turned{l}", $"shape{l}"], [input = $"x{l + 1}"]);
        }
        Value(graph, 11, "x", c.Shape.T, c.Shape.B, c.Shape.I);
        int last = c.Layers - 1;
        Value(graph, 12, $"Y{last}", c.Shape.T, c.Directions, c.Shape.B, c.Shape.H);
        foreach (string state in States(c)) Value(graph, 12, $"{state}{last}", c.Directions, c.Shape.B, c.Shape.H);
    }

    /// <summary>Outputs beside Y.</summary>
    public static string[] States(Case c) => c.Cell == "lstm" ? ["Y_h", "Y_c"] : ["Y_h"];

    static void WriteLayer(CodedOutputStream graph, Case c, CaseData data, int l, string input)
    {
        int h = c.Shape.H, gateRows = c.Gates * h;
        string[] suffixes = [.. c.Suffixes.Skip(l * c.Directions).Take(c.Directions)];
        float[] Stack(params string[] names) => [.. suffixes.SelectMany(s => names.SelectMany(n => Reorder(c, data.Weights[$"{n}_{s}"])))];
        Tensor(graph, $"W{l}", Float, [c.Directions, gateRows, c.InputSize(l)], MemoryMarshal.AsBytes<float>(Stack("weight_ih")));
        Tensor(graph, $"R{l}", Float, [c.Directions, gateRows, h], MemoryMarshal.AsBytes<float>(Stack("weight_hh")));
        Tensor(graph, $"B{l}", Float, [c.Directions, 2 * gateRows], MemoryMarshal.AsBytes<float>(Stack("bias_ih", "bias_hh")));
        List<(string, object)> attributes = [("hidden_size", (long)h), ("direction", c.Directions == 2 ? "bidirectional" : "forward")];
        if (c.Cell == "gru") attributes.Add(("linear_before_reset", 1L)); // PyTorch's form
        Node(graph, c.Cell.ToUpperInvariant(), [input, $"W{l}", $"R{l}", $"B{l}"], [$"Y{l}", .. States(c).Select(s => $"{s}{l}")],
            [.. attributes]);
    }

    /// <summary>
    /// DynamicQuantizeLSTM: W is [1, I, 4 H] and R [1, H, 4 H], a scale for every column, zero at zero.
    /// </summary>
    static void WriteQuantized(CodedOutputStream graph, Case c, CaseData data, int l, string input)
    {
        int columns = c.Gates * c.Shape.H;
        string suffix = c.Suffixes.ElementAt(l);
        float[] Ordered(string name) => [.. Reorder(c, data.Weights[$"{name}_{suffix}"])];
        void Matrix(string name, float[] w, int rows)
        {
            float[] scales = [.. w.Chunk(rows).Select(column => column.Max(Math.Abs) / 127)];
            sbyte[] quantized = new sbyte[w.Length];
            for (int i = 0; i < quantized.Length; i++)
            {
                int column = i % columns;
                quantized[i] = (sbyte)Math.Round(w[column * rows + i / columns] / scales[column]);
            }
            Tensor(graph, name, Int8, [1, rows, columns], MemoryMarshal.AsBytes<sbyte>(quantized));
            Tensor(graph, $"{name}_scale", Float, [1, columns], MemoryMarshal.AsBytes<float>(scales));
            Tensor(graph, $"{name}_zero", Int8, [1, columns], new byte[columns]);
        }
        Matrix($"W{l}", Ordered("weight_ih"), c.InputSize(l));
        Matrix($"R{l}", Ordered("weight_hh"), c.Shape.H);
        Tensor(graph, $"B{l}", Float, [1, 2 * columns], MemoryMarshal.AsBytes<float>([.. Ordered("bias_ih"), .. Ordered("bias_hh")]));
        Node(graph, "DynamicQuantizeLSTM",
            [input, $"W{l}", $"R{l}", $"B{l}", "", "", "", "", $"W{l}_scale", $"W{l}_zero", $"R{l}_scale", $"R{l}_zero"],
            [$"Y{l}", .. States(c).Select(s => $"{s}{l}")], OwnOperators, ("hidden_size", (long)c.Shape.H), ("direction", "forward"));
    }

    /// <summary>PyTorch stacks gates as i f g o and r z n, ONNX as i o f g and z r n.</summary>
    static IEnumerable<float> Reorder(Case c, float[] stacked)
    {
        int[] order = c.Cell switch { "lstm" => [0, 3, 1, 2], "gru" => [1, 0, 2], _ => [0] };
        int size = stacked.Length / order.Length;
        return order.SelectMany(gate => new ArraySegment<float>(stacked, gate * size, size));
    }

    static void Node(CodedOutputStream graph, string type, string[] inputs, string[] outputs,
        params (string Name, object Value)[] attributes) => Node(graph, type, inputs, outputs, "", attributes);

    static void Node(CodedOutputStream graph, string type, string[] inputs, string[] outputs, string domain,
        params (string Name, object Value)[] attributes) =>
        Bytes(graph, 1, Message(node =>
        {
            if (domain.Length > 0) Text(node, 7, domain);
            foreach (string input in inputs) Text(node, 1, input);
            foreach (string output in outputs) Text(node, 2, output);
            Text(node, 4, type);
            foreach ((string name, object value) in attributes)
                Bytes(node, 5, Message(attribute => WriteAttribute(attribute, name, value)));
        }));

    static void WriteAttribute(CodedOutputStream attribute, string name, object value)
    {
        const int integer = 2, text = 3, integers = 7;
        Text(attribute, 1, name);
        switch (value)
        {
            case long number: Number(attribute, 3, number); Number(attribute, 20, integer); break;
            case string word: Text(attribute, 4, word); Number(attribute, 20, text); break;
            case int[] numbers: foreach (int n in numbers) Number(attribute, 8, n); Number(attribute, 20, integers); break;
        }
    }

    static void Tensor(CodedOutputStream graph, string name, int type, int[] shape, ReadOnlySpan<byte> content)
    {
        byte[] raw = content.ToArray();
        Bytes(graph, 5, Message(tensor =>
        {
            foreach (int size in shape) Number(tensor, 1, size);
            Number(tensor, 2, type);
            Text(tensor, 8, name);
            Bytes(tensor, 9, raw);
        }));
    }

    /// <summary>An input or output of floats: name, type, tensor type, shape, and a dimension a size.</summary>
    static void Value(CodedOutputStream graph, int field, string name, params int[] shape) => Bytes(graph, field, Message(value =>
    {
        Text(value, 1, name);
        Bytes(value, 2, Message(type => Bytes(type, 1, Message(tensor =>
        {
            Number(tensor, 1, Float);
            Bytes(tensor, 2,
                Message(sizes => { foreach (int size in shape) Bytes(sizes, 1, Message(dimension => Number(dimension, 1, size))); }));
        }))));
    }));

    static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        write(output);
        output.Flush();
        return stream.ToArray();
    }

    static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }
}

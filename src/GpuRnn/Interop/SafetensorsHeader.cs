using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace GpuRnn.Interop;

/// <summary>
/// What a safetensors header says, believed only where the file bears it out. Files come from anywhere: every count and every text
/// is bounded before memory is taken for it, far above what models have and far below what hurts.
/// </summary>
ref struct SafetensorsHeader
{
    public const int Longest = 100_000_000;
    const string MetadataName = "__metadata__";
    const int MostEntries = 100_000, MostDimensions = 64, MostText = 1 << 25;

    // In bits: the format has elements smaller than a byte.
    static readonly FrozenDictionary<string, int> s_bits = new Dictionary<string, int>
    {
        ["BOOL"] = 8, ["U8"] = 8, ["I8"] = 8, ["U16"] = 16, ["I16"] = 16, ["U32"] = 32, ["I32"] = 32, ["U64"] = 64, ["I64"] = 64,
        ["F4"] = 4, ["F6_E2M3"] = 6, ["F6_E3M2"] = 6, ["F8_E5M2"] = 8, ["F8_E4M3"] = 8, ["F8_E8M0"] = 8,
        ["F16"] = 16, ["BF16"] = 16, ["F32"] = 32, ["F64"] = 64, ["C64"] = 64,
    }.ToFrozenDictionary();

    readonly string path;
    readonly long dataLength;
    Utf8JsonReader reader;
    Dictionary<string, string>? metadata;
    int textLeft = MostText;

    /// <summary>Reads a header.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="dataLength">How many bytes follow it in the file.</param>
    /// <param name="path">The file, for what is said of it.</param>
    /// <exception cref="BadFileException">It is no header, or not one of this file.</exception>
    public SafetensorsHeader(ReadOnlySpan<byte> json, long dataLength, string path)
    {
        (this.path, this.dataLength) = (path, dataLength);
        if (json.IsEmpty || json[0] != '{') throw Lie("the header does not begin with '{'", "a JSON object");
        if (!Utf8.IsValid(json)) throw Lie("the header is not UTF-8", "a JSON object in UTF-8");
        reader = new(json);
        try
        {
            ReadAll();
        }
        // The second is what the reader throws on half a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Lie($"the header is not JSON ({e.Message.TrimEnd('.')})", "a JSON object");
        }
        CheckCover();
    }

    public readonly Dictionary<string, string>? Metadata => metadata;

    public Dictionary<string, TensorEntry> Tensors { get; } = [];

    void ReadAll()
    {
        reader.Read();
        while (Next() != JsonTokenType.EndObject)
        {
            string name = Text("the header");
            reader.Read();
            if (name == MetadataName) ReadMetadata();
            else if (Tensors.Count == MostEntries) throw Lie($"it has more than {MostEntries} tensors", "fewer");
            else if (!Tensors.TryAdd(name, ReadTensor(name))) throw Lie($"{FileError.Tensor(name)} is there twice", "it once");
        }
        // Reads to the end: whatever follows the object but spaces is no JSON.
        reader.Read();
    }

    void ReadMetadata()
    {
        if (metadata is not null) throw Lie($"it has {MetadataName} twice", "it once");
        metadata = [];
        Expect(JsonTokenType.StartObject, MetadataName, "an object of texts");
        while (Next() != JsonTokenType.EndObject)
        {
            string key = Text(MetadataName), owner = $"{MetadataName} {FileError.Quote(key)}";
            reader.Read();
            Expect(JsonTokenType.String, owner, "a text");
            if (metadata.Count == MostEntries) throw Lie($"{MetadataName} has more than {MostEntries} keys", "fewer");
            if (!metadata.TryAdd(key, Text(owner))) throw Lie($"{owner} is there twice", "it once");
        }
    }

    TensorEntry ReadTensor(string name)
    {
        string owner = FileError.Tensor(name);
        string? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, owner, "an object with dtype, shape and data_offsets");
        while (Next() != JsonTokenType.EndObject)
        {
            string key = Text(owner);
            reader.Read();
            switch (key)
            {
                case "dtype" when dtype is null:
                    Expect(JsonTokenType.String, $"{owner}, dtype", "a text");
                    dtype = Text(owner);
                    break;
                case "shape" when shape is null:
                    shape = Integers($"{owner}, shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Integers($"{owner}, data_offsets");
                    break;
                default:
                    throw Lie($"{owner} has the key {FileError.Quote(key)}", "dtype, shape and data_offsets, each once");
            }
        }
        if (dtype is null) throw Lie($"{owner} has no dtype", "one");
        if (shape is null) throw Lie($"{owner} has no shape", "one");
        if (offsets is null) throw Lie($"{owner} has no data_offsets", "them");
        return Checked(name, owner, dtype, shape, offsets);
    }

    readonly TensorEntry Checked(string name, string owner, string dtype, List<long> shape, List<long> offsets)
    {
        if (!s_bits.TryGetValue(dtype, out int bits))
            throw Lie($"{owner} has dtype {FileError.Quote(dtype)}",
                $"one of {string.Join(' ', s_bits.Keys.Order(StringComparer.Ordinal))}");
        if (offsets.Count != 2) throw Lie($"{owner} has {offsets.Count} data_offsets", "2");
        (long begin, long end) = (offsets[0], offsets[1]);
        if (begin > end || end > dataLength)
            throw Lie($"{owner} has data_offsets [{begin}, {end}]", $"a range within the {dataLength} bytes of data");
        Int128 length = 1;
        foreach (long size in shape)
            if ((length *= size) > long.MaxValue)
                throw Lie($"{owner} has shape [{string.Join(", ", shape)}]", $"no more than {long.MaxValue} elements");
        if (length * bits != (Int128)(end - begin) * 8)
            throw Lie($"{owner} is {dtype} [{string.Join(", ", shape)}] and has {end - begin} bytes", $"{length * bits / 8}");
        return new(name, dtype, [.. shape], (long)length) { Begin = begin, End = end };
    }

    /// <summary>Each byte of data belongs to one tensor: anything else could hide what a reader shows from what another does.</summary>
    readonly void CheckCover()
    {
        long covered = 0;
        foreach (TensorEntry tensor in Tensors.Values.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            string owner = FileError.Tensor(tensor.Name);
            if (tensor.Begin < covered) throw Lie($"{owner} begins at byte {tensor.Begin}, within another tensor", $"it at byte {covered}");
            if (tensor.Begin > covered) throw Lie($"{owner} begins at byte {tensor.Begin} and leaves a hole", $"it at byte {covered}");
            covered = tensor.End;
        }
        if (covered != dataLength) throw Lie($"{dataLength} bytes of data follow the header", $"the {covered} bytes of its tensors");
    }

    List<long> Integers(string owner)
    {
        Expect(JsonTokenType.StartArray, owner, "an array of integers from 0");
        List<long> integers = [];
        while (Next() != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long integer) || integer < 0)
                throw Lie($"{owner} holds {Found()}", "integers from 0");
            if (integers.Count == MostDimensions) throw Lie($"{owner} has more than {MostDimensions} numbers", "fewer");
            integers.Add(integer);
        }
        return integers;
    }

    JsonTokenType Next()
    {
        reader.Read();
        return reader.TokenType;
    }

    string Text(string owner) => (textLeft -= reader.ValueSpan.Length) >= 0 ? reader.GetString()!
        : throw Lie($"{owner} brings the texts of the header to over {MostText} bytes", "fewer");

    readonly void Expect(JsonTokenType type, string owner, string expected)
    {
        if (reader.TokenType != type) throw Lie($"{owner} is {Found()}", expected);
    }

    readonly string Found() => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        _ => Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 40)]),
    };

    readonly BadFileException Lie(string found, string expected) => FileError.Of(path, $"{found}; expected {expected}");
}

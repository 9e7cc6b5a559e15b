using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Lecture.Runs;

namespace GpuRnn.Lecture.Tasks.Text;

/// <summary>A character model: one-hot characters, recurrent layers, a dense layer to the next character.</summary>
public sealed class TextModel : IDisposable
{
    public TextModel(Device device, TrainOptions options, int vocabulary)
    {
        Parameters = new(device);
        Network =
            new(Parameters, Cell.Named(options.Cell), vocabulary, options.Hidden, new() { Layers = options.Layers, IndexInput = true });
        Head = new(Parameters, options.Hidden, vocabulary);
    }

    public Parameters<float> Parameters { get; }
    public Recurrent<float> Network { get; }
    public Dense<float> Head { get; }

    public void Initialize(int seed, int memory)
    {
        Network.Initialize(seed, memory);
        Head.Initialize(seed);
    }

    public static string FileIn(string folder) => Path.Combine(folder, "model.safetensors");
    public static string VocabularyIn(string folder) => Path.Combine(folder, "vocabulary.json");

    /// <summary>A model that was trained.</summary>
    public static TextModel Load(Device device, string folder, out Vocabulary vocabulary, out TrainOptions options)
    {
        string path = FileIn(folder);
        vocabulary = Vocabulary.Load(VocabularyIn(folder));
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            options = TrainOptions.FromMetadata(file.Metadata, path, "text");
            if (options.Layers > file.Tensors.Count
                || !file.Tensors.TryGetValue("weight_hh_l0", out TensorEntry? w)
                || w.Shape.Count != 2 || w.Shape[1] != options.Hidden)
                throw new GpuRnnException($"'{path}' says {options.Layers} layers of {options.Hidden} units, and its tensors do not.");
        }
        TextModel model = new(device, options, vocabulary.Size);
        try
        {
            ModelFile.Load(path, model.Parameters);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Head.Dispose();
        Network.Dispose();
        Parameters.Dispose();
    }
}

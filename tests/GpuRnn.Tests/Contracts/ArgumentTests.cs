using System.Reflection;
using GpuRnn.Data;
using GpuRnn.Devices;
using GpuRnn.Interop;
using GpuRnn.Layers;
using GpuRnn.Metrics;
using GpuRnn.Models;
using GpuRnn.Training;

namespace GpuRnn.Tests.Contracts;

/// <summary>
/// What a program gives by mistake is refused in one line of the library's own exceptions, whatever part it is given to; what is null, as
/// everywhere in .NET, by an <see cref="ArgumentNullException"/>.
/// </summary>
public class ArgumentTests : FolderTests
{
    static readonly WordVocabulary s_words = WordVocabulary.Of([["a"]]);

    static TestCaseData Case(string name, Action call, string words) => new TestCaseData(call, words).SetArgDisplayNames(name);

    public static IEnumerable<TestCaseData> Numbers =>
    [
        Case("matrix of no classes", () => _ = new ConfusionMatrix(0), "number of classes is 0; it must be 1 or above"),
        Case("class above", () => new ConfusionMatrix(2).Add(2, 0), "A class is 2; it must be from 0 to below 2"),
        Case("class below", () => new ConfusionMatrix(2).Add(0, -1), "A class is -1"),
        Case("count of a class", () => _ = new ConfusionMatrix(2)[0, 2], "A class is 2"),
        Case("precision", () => new ConfusionMatrix(2).Precision(-1), "A class is -1"),
        Case("recall", () => new ConfusionMatrix(2).Recall(2), "A class is 2"),
        Case("no bins", () => _ = new Calibration(0), "number of bins is 0"),
        Case("prediction above", () => new Calibration().Add(1.01, true), "A prediction is 1.01; it must be from 0 to 1"),
        Case("prediction below", () => new LogLoss().Add(-0.01, true), "A prediction is -0.01"),
        Case("no prediction", () => new LogLoss().Add(double.NaN, true), "A prediction is NaN"),
        Case("prediction of a class", () => new LogLoss().Add([0.5f, 1.5f], 1), "A prediction is 1.5"),
        Case("class without prediction", () => new LogLoss().Add([0.5f, 0.5f], 2), "came true is 2; it must be from 0 to below 2"),
        Case("class before the first", () => new LogLoss().Add([0.5f, 0.5f], -1), "class that came true is -1"),
        Case("least of 1", () => _ = new LogLoss(1), "least probability is 1"),
        Case("least of none", () => _ = new LogLoss(double.NaN), "least probability is NaN"),
        Case("one round", () => Bootstrap.StandardError([1], [true], (_, _) => 0, 1, rounds: 1), "number of rounds is 1; it must be 2"),
        Case("labels of a bootstrap", () => Bootstrap.StandardError([1], [], (_, _) => 0, 1), "1 scores and 0 labels"),
        Case("labels of a curve", () => _ = new Roc([1, 2], [true]), "2 scores and 1 labels"),
        Case("one class", () => _ = new Roc([1, 2], [true, true]), "2 samples of signal and 0 of background"),
        Case("no candidates", () => Bleu.Of<int>([], Array.Empty<IReadOnlyList<int>>()), "0 candidates and 0 sets"),
        Case("no references", () => Bleu.Of<int>([[1]], Array.Empty<IReadOnlyList<int>>()), "1 candidates and 0 sets"),
        Case("no choices", () => new SplitMix(1).Below(0), "number of choices is 0"),
        Case("batch of none", () => _ = new BatchOrder([1, 2], 0, 1), "batches of 0"),
        Case("negative length", () => _ = new BatchOrder([1, -2], 1, 1), "length of an item is -2"),
        Case("negative batch", () => new BatchOrder([1, 2], 1, 1).Batch(-1), "number of a batch is -1"),
        Case("none ahead", () => _ = new Prefetch<int>(_ => 0, ahead: 0), "kept ready is 0"),
        Case("negative count", () => new Split(1).Items(-1, Portion.Test), "number of items is -1"),
        Case("portion", () => new Split(1).Items(1, (Portion)7), "portion is 7; it must be one of Training, Validation, Test"),
        Case("word that need not occur", () => WordVocabulary.Of([["a"]], 0), "How often a word must occur is 0"),
        Case("no room for marks", () => WordVocabulary.Of([["a"]], 1, 3), "with its marks, is 3; it must be 4"),
        Case("number after the last word", () => s_words.Decode([5]), "number of a word is 5; it must be from 0 to below 5"),
        Case("number before the first word", () => s_words.Decode([-1]), "number of a word is -1"),
    ];

    [TestCaseSource(nameof(Numbers))]
    public void WhatCannotBeIsRefusedInALine(Action call, string words) =>
        Assert.That(call, Throws.TypeOf<BadArgumentException>().With.Message.Contains(words).And.Message.Not.Contains("\n"));

    [Test]
    public void LinesThatAreNotThereAreRefused([Values(-1, 2)] int line, [Values] bool read)
    {
        File.WriteAllText(file, "one\ntwo\n");
        using TextLines lines = TextLines.Open(file);
        Assert.That(() => read ? lines[line] : $"{lines.BytesOf(line)}",
            Throws.TypeOf<BadArgumentException>().With.Message.Contains($"is {line}; it must be from 0 to below 2"));
        Assert.That(() => lines.Where(-1), Throws.TypeOf<BadArgumentException>());
    }

    static Recurrent<float> Network(Parameters<float> p, RecurrentOptions? options = null) => new(p, Cell.Gru, 2, 3, options);

    static TestCaseData Case(string name, Action<Parameters<float>> call, string words) =>
        new TestCaseData(call, words).SetArgDisplayNames(name);

    public static IEnumerable<TestCaseData> OnParameters =>
    [
        Case("activation", p => _ = new Dense<float>(p, 2, 3, (Activation)9), "activation of a dense layer is 9; it must be one of Id"),
        Case("attention", p => _ = new Attention<float>(p, (AttentionKind)9, 3, 3), "kind of attention is 9; it must be one of Dot"),
        Case("directions", p => Network(p, new() { Directions = (Directions)9 }), "directions of a network is 9; it must be one of F"),
        Case("strategy", p => Network(p).Plan(1, 1, new() { Strategy = (Strategy)9 }), "strategy of a pass is 9; it must be one of Seq"),
        Case("norm", p => _ = new Sgd<float>(p, 1, clip: new() { Kind = (NormKind)9 }), "norm of a gradient is 9"),
        Case("not finite", p => _ = new Sgd<float>(p, 1, clip: new() { NonFinite = (NonFinite)9 }), "not finite is 9; it must be one of T"),
        Case("memory", p => Network(p).Initialize(1, -2), "memory, in steps, is -2"),
        Case("patience", p => _ = new EarlyStopping<float>(p, -1), "patience is -1; it must be 0 or above"),
        Case("since", p => new EarlyStopping<float>(p, 1).Restore(1, -1), "since the best is -1"),
        Case("patience of a plateau", unused => _ = new ReduceOnPlateau(patience: -1), "patience is -1"),
        Case("factor of a plateau", unused => new ReduceOnPlateau().Restore(double.NaN, 1, 0), "factor of a plateau is NaN"),
        Case("since of a plateau", unused => new ReduceOnPlateau().Restore(1, 1, -1), "since the best is -1"),
    ];

    /// <summary>Values of enumerations that came of a cast, and counts below 0.</summary>
    [TestCaseSource(nameof(OnParameters))]
    public void PartsOfAModelRefuseInALine(Action<Parameters<float>> call, string words)
    {
        using Parameters<float> parameters = new(TestDevices.Get("cpu"));
        WhatCannotBeIsRefusedInALine(() => call(parameters), words);
    }

    /// <summary>A word, a sentence or a set of references that is null, wherever it lies in what was given.</summary>
    [Test]
    public void NullInsideOfWhatIsGivenIsRefused()
    {
        Assert.That(() => WordVocabulary.Of([null!]), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => WordVocabulary.Of([[null!]]), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => s_words.ShareUnknown([["a", null!]]), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => s_words.Encode(["a", null!]), Throws.TypeOf<ArgumentNullException>().With.Message.Contains("word"));
        Assert.That(() => Bleu.Of<int>([null!], [[1]]), Throws.TypeOf<ArgumentNullException>().With.Message.Contains("Number 0"));
        Assert.That(() => Bleu.Of<int>([[1], [2]], [[1], null!]),
            Throws.TypeOf<ArgumentNullException>().With.Message.Contains("references"));
        using Parameters<float> parameters = new(TestDevices.Get("cpu"));
        parameters.Declare("w", 1);
        Assert.That(() => new Sgd<float>(parameters, 1, groups: [null!]), Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => new EarlyStopping<float>(parameters, 1).BestWeights = null!, Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => Schedule.Constant with { Factor = null! }, Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => ParameterGroup.VectorsDoNotDecay with { Takes = null! }, Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => new KeptArray<float>("", []) with { Data = null! }, Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => new SequenceRegressor<float>(parameters.Device, new() { InputSize = 1, Loss = null! }),
            Throws.TypeOf<ArgumentNullException>());
        Assert.That(() => new EncoderDecoder<float>(parameters.Device, new() { SourceSize = 1, TargetSize = 2, SourceLayers = null! }),
            Throws.TypeOf<ArgumentNullException>());
    }

    static readonly Type[] s_results = [typeof(Bleu), typeof(DeviceInfo), typeof(Hypothesis), typeof(TensorEntry)];

    /// <summary>Whatever can be called without an object and takes one, but for records of results and errors.</summary>
    public static IEnumerable<TestCaseData> Calls =>
        from type in typeof(GpuRnnException).Assembly.GetExportedTypes()
        where !(type.IsAbstract && !type.IsSealed) && !type.IsAssignableTo(typeof(Exception)) && !s_results.Contains(type)
        let closed = !type.IsGenericTypeDefinition ? type
            : type.MakeGenericType(type.GetGenericArguments().Length == 2 ? [typeof(float), typeof(int)] : [typeof(float)])
        from call in (MethodBase[])[.. closed.GetConstructors(), .. closed.GetMethods(BindingFlags.Public | BindingFlags.Static)]
        where call.IsConstructor || !call.IsSpecialName
        let made = call.IsGenericMethodDefinition ? ((MethodInfo)call).MakeGenericMethod(typeof(float)) : call
        where made.GetParameters().Any(MustBeGiven) && !made.GetParameters().Any(p => p.ParameterType.IsByRefLike)
        select new TestCaseData(made).SetArgDisplayNames($"{closed.Name}: {made}");

    static bool MustBeGiven(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    [TestCaseSource(nameof(Calls))]
    public void NullIsRefused(MethodBase call)
    {
        object?[] nothing = [.. call.GetParameters().Select(
            p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)];
        Assert.That(() => call is ConstructorInfo constructor ? constructor.Invoke(nothing) : call.Invoke(null, nothing),
            Throws.InnerException.InstanceOf<GpuRnnException>().Or.InnerException.TypeOf<ArgumentNullException>());
    }
}

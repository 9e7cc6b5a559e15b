using System.Collections.Concurrent;
using System.Reflection;
using GpuRnn.Backends;
using GpuRnn.Backends.Clusters;
using GpuRnn.Backends.Cuda;
using GpuRnn.Backends.Portable;
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Clusters;
using GpuRnn.Kernels.Recurrent.Portable;
using GpuRnn.Kernels.Updates;
using GpuRnn.Layers;
using GpuRnn.Ptx.Text;
using GpuRnn.Tests.Cells;
using GpuRnn.Tests.Numerics;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

// Compiles every kernel for CUDA with no GPU: PTX files and manifest.tsv (file, kernel, hot or cold) for an assembler to judge. Exit code 1
// where the text itself is wrong: a branch that only looks uniform, a division in a hot kernel.
// usage: GpuRnn.Offline FOLDER [PART]     only kernels whose names contain PART
if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: GpuRnn.Offline FOLDER [PART]");
    return 2;
}
Directory.CreateDirectory(args[0]);
foreach (string old in Directory.GetFiles(args[0], "*.ptx")) File.Delete(old);
(string Name, MethodInfo Method, bool Hot)[] kernels =
    [.. Kernels().Where(k => args.Length == 1 || k.Name.Contains(args[1], StringComparison.Ordinal))];
List<string>[] wrong = [.. kernels.Select(_ => new List<string>())];
using ThreadLocal<Compiler> compiler = new(() => new(), trackAllValues: true); // a context compiles one kernel at a time
Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, kernels.Length), EnumerablePartitionerOptions.NoBuffering),
    new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, k =>
    {
        (string name, MethodInfo method, bool hot) = kernels[k];
        string text = compiler.Value!.Text(method);
        File.WriteAllText(Path.Combine(args[0], FileOf(k)), text);
        wrong[k].AddRange(UniformBranches.Wrong(text)
            .Select(line => $"{name} ({FileOf(k)}), line {line}: a branch is marked uniform (bra.uni) and may not be"));
        if (hot && text.Contains("rem.s", StringComparison.Ordinal))
            wrong[k].Add($"{name} ({FileOf(k)}): a remainder of signed numbers in a hot kernel is a division: mask it");
    });
foreach (Compiler used in compiler.Values) used.Dispose();
File.WriteAllText(Path.Combine(args[0], "manifest.tsv"),
    string.Concat(kernels.Select((kernel, k) => $"{FileOf(k)}\t{kernel.Name}\t{(kernel.Hot ? "hot" : "cold")}\n")));
Console.WriteLine($"{kernels.Length} kernels compiled to PTX in {args[0]}");
foreach (string line in wrong.SelectMany(lines => lines)) Console.Error.WriteLine(line);
return wrong.All(lines => lines.Count == 0) ? 0 : 1;

static string FileOf(int kernel) => $"{kernel:d4}.ptx";

static IEnumerable<(string Name, MethodInfo Method, bool Hot)> Kernels()
{
    foreach ((Type element, Type scalar) in new[] { (typeof(float), typeof(ScalarSingle)), (typeof(double), typeof(ScalarDouble)) })
    {
        foreach (Cell cell in Cell.All.Concat(TestCell.Names.Select(TestCell.Engine)))
            foreach ((string input, Storage storage) in Inputs(cell, element))
                foreach ((string kernel, MethodInfo method) in
                    Sequence(LayerShape.Of(cell, 3, 5, 5, input == "Index"), storage, element, scalar))
                    if (input != "BFloat" || kernel.StartsWith('P') || kernel.StartsWith("Forward", StringComparison.Ordinal)) // inference
                        yield return ($"{kernel}.{cell.Name}.{input}.{element.Name}", method, element == typeof(float)
                            && !kernel.Contains("End") && !kernel.Contains("Begin") && !kernel.Contains("Pack") && input != "Short");
        if (element == typeof(float))
            foreach (Cell cell in Cell.All.Concat(TestCell.Names.Select(TestCell.Engine)))
                foreach ((string input, Storage storage) in Inputs(cell, element).Where(i => i.Input != "Short"))
                    foreach ((string kernel, MethodInfo method, bool hot) in
                        Clusters(LayerShape.Of(cell, 3, 5, 5, input == "Index"), storage, all: input == "Dense"))
                        yield return ($"{kernel}.{cell.Name}.{input}", method, hot);
        foreach (Type activation in new[] { typeof(Identity<>), typeof(Tanh<>), typeof(Relu<>), typeof(Logistic<>) })
            foreach (Loss loss in Losses())
            {
                Type tile = typeof(PortableOutput<,,,>)
                    .MakeGenericType(element, scalar, activation.MakeGenericType(scalar), loss.Over(element, scalar));
                bool plain = activation == typeof(Identity<>) && loss == Loss.None; // packing and gradients are the same for all
                foreach (MethodInfo method in Public(typeof(OutputKernels)).Where(m => plain || m.Name == nameof(OutputKernels.Forward)))
                    yield return ($"Output.{method.Name}.{activation.Name[..^2]}.{loss}.{element.Name}",
                        method.MakeGenericMethod(element, tile), element == typeof(float));
            }
        Type loop = typeof(GpuLoop<,>).MakeGenericType(element, scalar);
        foreach (Type rule in Implementing("IUpdateRule`3")) yield return Training(
            nameof(TrainingKernels.Update), rule, scalar, loop, rule.MakeGenericType(element, scalar));
        foreach (Type norm in new[] { typeof(EuclideanNorm<>), typeof(InfinityNorm<>) })
        {
            yield return Training(nameof(TrainingKernels.Partial), norm, scalar, loop, norm.MakeGenericType(scalar));
            yield return Training(nameof(TrainingKernels.Clip), norm, scalar, norm.MakeGenericType(scalar));
        }
        (string, MethodInfo, bool) Training(string method, Type choice, params Type[] arguments) =>
            ($"{method}.{choice.Name[..^2]}.{element.Name}",
                typeof(TrainingKernels).GetMethod(method)!.MakeGenericMethod([element, .. arguments]), false);
        foreach (Type work in Implementing("IItemWork`1"))
            foreach (Type choice in Choices(work))
            {
                Type access = typeof(ScalarAccess<,>).MakeGenericType(element, scalar);
                Type closed = work.MakeGenericType(
                    [element, scalar, access, .. choice == typeof(void) ? Type.EmptyTypes : [choice.MakeGenericType(scalar)]]);
                Type arguments = closed.GetInterfaces().Single(i => i.Name == "IItemWork`1").GetGenericArguments()[0];
                yield return ($"{work.Name.Split('`')[0]}.{choice.Name.Split('`')[0]}.{element.Name}",
                    typeof(ItemKernels).GetMethod(nameof(ItemKernels.Run))!.MakeGenericMethod(typeof(GpuItems), closed, arguments), false);
            }
    }
}

// The kernels of a layer: those that its ways of running launch.
static IEnumerable<(string, MethodInfo)> Sequence(LayerShape layer, Storage storage, Type element, Type scalar)
{
    Type[] stages = PortableLayer.StagesOf(layer, storage, element, scalar);
    Type at = typeof(InLaunch<>).MakeGenericType(element), worker = typeof(PortableWorker);
    (string, MethodInfo) Kernel(string name, int stage, string what, params Type[] types) =>
        ($"{name}{stage}{what}", typeof(SequenceKernels).GetMethod(name)!.MakeGenericMethod([element, at, worker, .. types]));
    for (int i = 0; i < stages.Length; i++)
    {
        Type tile = TileTypes.List(element, worker, [stages[i]]);
        yield return Kernel(nameof(SequenceKernels.Pack), i, "", tile);
        yield return Kernel(nameof(SequenceKernels.WeightGradientBegin), i, "", tile);
        yield return Kernel(nameof(SequenceKernels.WeightGradient), i, "", tile);
        yield return Kernel(nameof(SequenceKernels.WeightGradientEnd), i, "", tile);
        yield return Kernel(nameof(SequenceKernels.ForwardEnds), i, "", tile, typeof(HiddenOwned));
        yield return Kernel(nameof(SequenceKernels.BackwardEnds), i, "", tile, typeof(HiddenOwned));
        if (!layer.IndexInput)
        {
            yield return Kernel(nameof(SequenceKernels.InputGradient), i, "", tile);
            yield return Kernel(nameof(SequenceKernels.Project), i, "", tile, typeof(HiddenOwned));
        }
        foreach (Type strategy in new[] { typeof(HiddenOwned), typeof(SequencesOwned) })
        {
            yield return Kernel(nameof(SequenceKernels.ForwardStage), i, strategy.Name, stages[i], strategy);
            yield return Kernel(
                nameof(SequenceKernels.BackwardStage), i, strategy.Name, stages[i], stages[(i + 1) % stages.Length], strategy);
        }
    }
}

// The kernels of a layer on clusters: the smallest, the largest whose weights are in registers, and the largest of all, by sequences of a
// cluster; not all: one sequence of the smallest, and eight of the largest. Where a thread has 128 weights in bfloat16 beside 8 sequences,
// or more than 128 in all beside parameters of its unit, some registers are in memory.
static IEnumerable<(string Kernel, MethodInfo Method, bool Hot)> Clusters(LayerShape layer, Storage storage, bool all)
{
    if (layer.Stages is not [{ Numbers.Rounds: 0 } stage]) yield break;
    bool isShort = storage.Weights == typeof(BFloat);
    int Largest(Func<int, bool> fits) => new[] { 16, 8, 4, 2 }.First(fits);
    int held = Largest(b => ClusterOwned.Weights(stage, b) <= ClusterOwned.MostWeights);
    int most = Largest(b => ClusterOwned.Weights(stage, b) <= 2 * ClusterOwned.MostWeights);
    foreach ((int blocks, int sequences) in Sizes(held == most ? [most] : [held, most], all))
    {
        int weights = ClusterOwned.Weights(stage, blocks);
        bool hot = weights < ClusterOwned.MostWeights
            || !isShort && (weights == ClusterOwned.MostWeights || stage.Numbers.UnitParameters == 0);
        yield return ($"{nameof(ClusterKernels.ForwardSteps)}{blocks}x{sequences}", typeof(ClusterKernels)
            .GetMethod(nameof(ClusterKernels.ForwardSteps))!
            .MakeGenericMethod(ClusterOwned.ForwardOf(layer, storage, blocks, sequences)), hot);
    }
    if (isShort) yield break; // inference
    foreach ((int blocks, int sequences) in Sizes([Largest(b => ClusterOwned.GoesBackIn(stage, b))], all))
        yield return ($"{nameof(ClusterKernels.BackwardSteps)}{blocks}x{sequences}", typeof(ClusterKernels)
            .GetMethod(nameof(ClusterKernels.BackwardSteps))!
            .MakeGenericMethod(ClusterOwned.BackwardOf(layer, storage, blocks, sequences)), true);

    static IEnumerable<(int, int)> Sizes(int[] largest, bool all)
    {
        int[] numbers = [1, 2, 4, 8];
        return all ? [(1, 1), (1, 8), .. largest.SelectMany(l => numbers.Select(s => (l, s)))] : [(1, 1), (largest[^1], 8)];
    }
}

// What x is, and how weights and gates are stored. The tests' cells, one of every kind: float, with short numbers as only the tests know.
// Indices for a cell of one stage and one of two: the rest of the text is that of dense input.
static IEnumerable<(string Input, Storage Storage)> Inputs(Cell cell, Type element)
{
    bool tests = TestCell.Find(cell.Name) is not null, single = element == typeof(float);
    if (single || !tests) yield return ("Dense", Storage.Plain(element));
    if (cell == Cell.Lstm || cell == Cell.Relevance) yield return ("Index", Storage.Plain(element));
    if (single && tests) yield return ("Short", new(typeof(ShortNumber), typeof(ShortNumber)));
    if (single && !tests) yield return ("BFloat", Storage.Plain(element) with { Weights = typeof(BFloat) });
}

// what the last type parameter of a work may be
static Type[] Choices(Type work) => work.GetGenericArguments() is not [_, _, _, var open] ? [typeof(void)]
    : open.Name == "TScore" ? [typeof(DotScore<>), typeof(AdditiveScore<>)]
        : [typeof(Identity<>), typeof(Tanh<>), typeof(Relu<>), typeof(Logistic<>)];

static IEnumerable<Loss> Losses() =>
    [.. typeof(Loss).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (Loss)p.GetValue(null)!), Loss.Huber()];

static IEnumerable<Type> Implementing(string contract) =>
    typeof(ItemKernels).Assembly.GetTypes().Where(t => t.IsValueType && t.GetInterfaces().Any(i => i.Name == contract));

static MethodInfo[] Public(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

// ILGPU's compiler, for one thread.
file sealed class Compiler : IDisposable
{
    private readonly Context context = Gpus.NewContext();
    private readonly PTXBackend backend;

    public Compiler() => backend = new(context, CudaArchitecture.SM_70, CudaInstructionSet.ISA_78, null!);

    // the text as the engine launches it
    public string Text(MethodInfo method)
    {
        string text = ((PTXCompiledKernel)backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty)).PTXAssembly;
        bool clusters = method.DeclaringType == typeof(ClusterKernels);
        return clusters ? KernelText.Edit(text, clusters) : text;
    }

    public void Dispose()
    {
        backend.Dispose();
        context.Dispose();
    }
}

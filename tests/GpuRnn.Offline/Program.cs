using System.Reflection;
using GpuRnn.Backends;
using GpuRnn.Backends.Portable;
using GpuRnn.Devices;
using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Dense;
using GpuRnn.Kernels.Items;
using GpuRnn.Kernels.Lanes;
using GpuRnn.Kernels.Memory;
using GpuRnn.Kernels.Recurrent;
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
// usage: GpuRnn.Offline FOLDER
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: GpuRnn.Offline FOLDER");
    return 2;
}
Directory.CreateDirectory(args[0]);
foreach (string old in Directory.GetFiles(args[0], "*.ptx")) File.Delete(old);
using Context context = Gpus.NewContext();
using PTXBackend backend = new(context, CudaArchitecture.SM_70, CudaInstructionSet.ISA_78, null!);
List<string> manifest = [];
List<string> wrong = [];
foreach ((string name, MethodInfo method, bool hot) in Kernels())
{
    string file = $"{manifest.Count:d3}.ptx";
    PTXCompiledKernel kernel = (PTXCompiledKernel)backend.Compile(
        EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty);
    File.WriteAllText(Path.Combine(args[0], file), kernel.PTXAssembly);
    wrong.AddRange(UniformBranches.Wrong(kernel.PTXAssembly)
        .Select(line => $"{name} ({file}), line {line}: a branch is marked uniform (bra.uni) and may not be"));
    if (hot && kernel.PTXAssembly.Contains("rem.s", StringComparison.Ordinal))
        wrong.Add($"{name} ({file}): a remainder of signed numbers in a hot kernel is a division: mask it");
    manifest.Add($"{file}\t{name}\t{(hot ? "hot" : "cold")}\n");
}
File.WriteAllText(Path.Combine(args[0], "manifest.tsv"), string.Concat(manifest));
Console.WriteLine($"{manifest.Count} kernels compiled to PTX in {args[0]}");
wrong.ForEach(Console.Error.WriteLine);
return wrong.Count == 0 ? 0 : 1;

static IEnumerable<(string Name, MethodInfo Method, bool Hot)> Kernels()
{
    foreach ((Type element, Type scalar) in new[] { (typeof(float), typeof(ScalarSingle)), (typeof(double), typeof(ScalarDouble)) })
    {
        foreach (Cell cell in Cell.All.Concat(TestCell.Names.Select(TestCell.Engine)))
            foreach ((string input, Storage storage) in Inputs(cell, element))
                foreach ((string kernel, MethodInfo method) in
                    Sequence(LayerShape.Of(cell, 3, 5, 5, input == "Index"), storage, element, scalar))
                    if (input != "BFloat" || kernel.StartsWith("Pack", StringComparison.Ordinal)
                        || kernel.StartsWith("Forward", StringComparison.Ordinal)) // inference
                        yield return ($"{kernel}.{cell.Name}.{input}.{element.Name}", method, element == typeof(float)
                            && !kernel.Contains("Ends") && !kernel.Contains("Pack") && input != "Short");
        foreach (Type activation in new[] { typeof(Identity<>), typeof(Tanh<>), typeof(Relu<>), typeof(Logistic<>) })
            foreach (Loss loss in Losses())
            {
                Type tile = typeof(PortableOutput<,,,>)
                    .MakeGenericType(element, scalar, activation.MakeGenericType(scalar), loss.Over(element, scalar));
                foreach (MethodInfo method in Public(typeof(OutputKernels)))
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
    Type at = typeof(InLaunch<>).MakeGenericType(element), worker = typeof(PortableWorker), tile = TileTypes.List(element, worker, stages);
    (string, MethodInfo) Kernel(string name, string what, params Type[] types) =>
        ($"{name}{what}", typeof(SequenceKernels).GetMethod(name)!.MakeGenericMethod([element, at, worker, .. types]));
    yield return Kernel(nameof(SequenceKernels.Pack), "", tile);
    yield return Kernel(nameof(SequenceKernels.WeightGradient), "", tile);
    if (!layer.IndexInput) yield return Kernel(nameof(SequenceKernels.InputGradient), "", tile);
    yield return Kernel(nameof(SequenceKernels.Forward), "", tile, typeof(SequencesOwned));
    yield return Kernel(nameof(SequenceKernels.Backward), "", tile, stages[0], typeof(SequencesOwned));
    yield return Kernel(nameof(SequenceKernels.ForwardEnds), "", tile, typeof(HiddenOwned));
    yield return Kernel(nameof(SequenceKernels.BackwardEnds), "", tile, typeof(HiddenOwned));
    for (int i = 0; i < stages.Length; i++)
    {
        yield return Kernel(nameof(SequenceKernels.ForwardStage), $"{i}", stages[i], typeof(HiddenOwned));
        yield return Kernel(nameof(SequenceKernels.BackwardStage), $"{i}", stages[i], stages[(i + 1) % stages.Length], typeof(HiddenOwned));
    }
}

// What x is, and how weights and gates are stored: short as only the tests know it, under one cell of every kind.
static IEnumerable<(string Input, Storage Storage)> Inputs(Cell cell, Type element)
{
    yield return ("Dense", Storage.Plain(element));
    yield return ("Index", Storage.Plain(element));
    if (element == typeof(float) && TestCell.Find(cell.Name) is not null)
        yield return ("Short", new(typeof(ShortNumber), typeof(ShortNumber)));
    if (element == typeof(float) && TestCell.Find(cell.Name) is null)
        yield return ("BFloat", Storage.Plain(element) with { Weights = typeof(BFloat) });
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

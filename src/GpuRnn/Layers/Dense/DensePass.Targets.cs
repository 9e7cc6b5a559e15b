using GpuRnn.Kernels.Dense;
using GpuRnn.Memory;
using ILGPU;

namespace GpuRnn.Layers;

public sealed partial class DensePass<E>
{
    DeviceArray<E>? weights;
    long targetsOf = -1, weightsOf = -1;

    bool HasTargets => targetsOf == source.Batch.Version;

    /// <summary>[T, B], or [B] where only last steps are read: target classes on the device. Write here and call
    /// <see cref="UseClasses"/>.</summary>
    public ArrayView<int> Classes
    {
        get
        {
            guard.ThrowIfDisposed();
            return classes.View;
        }
    }

    /// <summary>
    /// The targets of this batch are what is in <see cref="Classes"/>; each from 0 to V - 1 at living steps.
    /// </summary>
    /// <remarks>
    /// What is on the device is not looked at: a class below 0 or from V on reads memory that is not its own. Classes from outside go
    /// through <see cref="SetClasses"/>, which checks.
    /// </remarks>
    public void UseClasses()
    {
        using Guard.Scope scope = guard.Enter();
        CheckLoss(classes: true);
        targetsOf = source.Batch.Version;
    }

    /// <summary>Target classes of the current batch.</summary>
    /// <param name="target">[T, B], or [B] where only last steps are read; each from 0 to V - 1, ignored on padding.</param>
    /// <exception cref="BadArgumentException">The wrong size, or a class out of range.</exception>
    public void SetClasses(ReadOnlySpan<int> target)
    {
        using Guard.Scope scope = guard.Enter();
        CheckLoss(classes: true);
        work.Refresh();
        CheckSize(target.Length, 1, "classes");
        foreach (int row in work.TargetRows)
            if ((uint)target[row] >= (uint)layer.OutputSize)
                throw new BadArgumentException($"Class {target[row]} is not from 0 to {layer.OutputSize - 1}.");
        Device.Upload(target, classes.View);
        targetsOf = source.Batch.Version;
    }

    /// <summary>Target values of the current batch.</summary>
    /// <param name="target">[T, B, V], or [B, V] where only last steps are read; ignored on padding.</param>
    /// <exception cref="BadArgumentException">The wrong size.</exception>
    public void SetTargets(ReadOnlySpan<E> target)
    {
        using Guard.Scope scope = guard.Enter();
        CheckLoss(classes: false);
        work.Refresh();
        CheckSize(target.Length, layer.OutputSize, "targets");
        Device.Upload(target, targets!.View);
        targetsOf = source.Batch.Version;
    }

    void CheckLoss(bool classes)
    {
        TargetKind given = classes ? TargetKind.Class : TargetKind.Values;
        if (work.Target == given) return;
        string what = classes ? "Classes are no targets" : "Values are no targets", takes = work.Target switch
        {
            TargetKind.Class => "it takes classes (SetClasses)",
            TargetKind.Values => "it takes values (SetTargets)",
            _ => "plan the layer with a loss",
        };
        throw new BadArgumentException($"{what} of the loss {loss}: {takes}.");
    }

    /// <summary>What each row of the current batch counts for. Of a row that counts 0 no target is read.</summary>
    /// <param name="weight">[T, B], or [B] where only last steps are read; empty for 1.</param>
    /// <exception cref="BadArgumentException">The wrong number of them.</exception>
    public void SetRowWeights(ReadOnlySpan<E> weight)
    {
        using Guard.Scope scope = guard.Enter();
        if (weight.Length == 0)
        {
            work.Arguments.RowWeight = default;
            return;
        }
        CheckSize(weight.Length, 1, "weights");
        weights ??= work.New<E>(work.MostRows);
        Device.Upload(weight, weights.View);
        (work.Arguments.RowWeight, weightsOf) = (weights.Buffer, source.Batch.Version);
    }

    void CheckTargets()
    {
        if (work.Target == TargetKind.None) throw new InvalidOperationException("There is no loss: plan the layer with one.");
        if (HasTargets) return;
        throw new InvalidOperationException(targetsOf < 0
            ? "There are no targets: set them (SetClasses, SetTargets) before the forward pass."
            : "The targets are those of another batch: set them after the lengths of this one.");
    }

    void CheckRowWeights()
    {
        if (work.Arguments.RowWeight.Length > 0 && weightsOf != source.Batch.Version)
            throw new InvalidOperationException(
                "The row weights are those of another batch: set them after the lengths of this one, or clear them.");
    }
}

namespace GpuRnn.Tests.Reference;

/// <summary>A number on a tape.</summary>
public readonly struct Var(Tape tape, int index)
{
    internal Tape Tape => tape;
    internal int Index => index;

    /// <summary>The number.</summary>
    public double Value => tape[index].Value;

    /// <summary>The loss's derivative with respect to it, after <see cref="Backward"/>.</summary>
    public double Gradient => tape[index].Gradient;

    public static Var operator +(Var a, Var b) => a.Tape.Push(Operation.Add, a.Index, b.Index, a.Value + b.Value);
    public static Var operator -(Var a, Var b) => a.Tape.Push(Operation.Subtract, a.Index, b.Index, a.Value - b.Value);
    public static Var operator *(Var a, Var b) => a.Tape.Push(Operation.Multiply, a.Index, b.Index, a.Value * b.Value);
    public static Var operator -(double a, Var b) => b.Tape.Leaf(a) - b;

    public Var Sigmoid() => tape.Push(Operation.Sigmoid, index, 0, 1 / (1 + Math.Exp(-Value)));
    public Var Tanh() => tape.Push(Operation.Tanh, index, 0, Math.Tanh(Value));
    public Var InverseRoot() => tape.Push(Operation.InverseRoot, index, 0, 1 / Math.Sqrt(Value));
    public Var Relu() => tape.Push(Operation.Relu, index, 0, Math.Max(0, Value));

    /// <summary>Finds the derivatives of this number, the loss, with respect to all that were pushed before it.</summary>
    public void Backward() => tape.Backward(index);
}

enum Operation : byte { Leaf, Add, Subtract, Multiply, Sigmoid, Tanh, Relu, InverseRoot, Dot }

/// <summary>
/// Reverse-mode differentiation of scalars: each operation is put down with its operands and its value, and the chain rule is followed
/// back from the end. Nodes lie in one array: a network of some size is millions of products.
/// </summary>
public sealed class Tape
{
    Node[] nodes = new Node[1024];
    (int Left, int Right)[] products = new (int, int)[1024];
    int count, productCount;

    /// <summary>Operands are indices of nodes; those of a sum of products say where its products begin and end.</summary>
    internal struct Node
    {
        public Operation Operation;
        public int Left, Right;
        public double Value, Gradient;
    }

    internal ref readonly Node this[int index] => ref nodes[index];

    /// <summary>A number that comes from outside.</summary>
    public Var Leaf(double value) => Push(Operation.Leaf, 0, 0, value);

    /// <summary>Numbers that come from outside.</summary>
    public Var[] Leaves(double[] values) => [.. values.Select(Leaf)];

    /// <summary>The sum of products of numbers. One node, since these are nearly all that a network does.</summary>
    public Var Dot(ReadOnlySpan<Var> a, ReadOnlySpan<Var> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length);
        int start = productCount;
        double sum = 0;
        while (productCount + a.Length > products.Length) Array.Resize(ref products, 2 * products.Length);
        for (int i = 0; i < a.Length; i++)
        {
            products[productCount++] = (a[i].Index, b[i].Index);
            sum += a[i].Value * b[i].Value;
        }
        return Push(Operation.Dot, start, productCount, sum);
    }

    internal Var Push(Operation operation, int left, int right, double value)
    {
        if (count == nodes.Length) Array.Resize(ref nodes, 2 * count);
        nodes[count] = new() { Operation = operation, Left = left, Right = right, Value = value };
        return new(this, count++);
    }

    internal void Backward(int loss)
    {
        for (int i = 0; i < count; i++) nodes[i].Gradient = i == loss ? 1 : 0;
        for (int i = loss; i >= 0; i--)
        {
            ref Node node = ref nodes[i];
            double value = node.Value, gradient = node.Gradient;
            if (node.Operation == Operation.Dot)
            {
                foreach ((int a, int b) in products.AsSpan(node.Left, node.Right - node.Left))
                {
                    nodes[a].Gradient += gradient * nodes[b].Value;
                    nodes[b].Gradient += gradient * nodes[a].Value;
                }
                continue;
            }
            ref Node left = ref nodes[node.Left], right = ref nodes[node.Right];
            switch (node.Operation)
            {
                case Operation.Add:
                    left.Gradient += gradient;
                    right.Gradient += gradient;
                    break;
                case Operation.Subtract:
                    left.Gradient += gradient;
                    right.Gradient -= gradient;
                    break;
                case Operation.Multiply:
                    left.Gradient += gradient * right.Value;
                    right.Gradient += gradient * left.Value;
                    break;
                case Operation.Sigmoid:
                    left.Gradient += gradient * value * (1 - value);
                    break;
                case Operation.Tanh:
                    left.Gradient += gradient * (1 - value * value);
                    break;
                case Operation.InverseRoot:
                    left.Gradient -= gradient * value * value * value / 2;
                    break;
                case Operation.Relu:
                    left.Gradient += value > 0 ? gradient : 0;
                    break;
            }
        }
    }
}

using GpuRnn.Kernels.Cells;
using GpuRnn.Kernels.Recurrent;
using GpuRnn.Kernels.Recurrent.Cpu;
using ILGPU.IR.Intrinsics;

namespace GpuRnn.Kernels.Dense;

unsafe partial struct CpuOutput<E, L, LScalar, TActivation, TLoss>
{
    static int PanelColumns => 4 * L.Width;

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Pack(in OutputArguments<E> a, int worker, int workers)
    {
        E* w = Native.Address(a.Weights);
        int outputs = (a.V + L.Width - 1) / L.Width, inputs = (a.K + L.Width - 1) / L.Width;
        for (int vector = Part.Share(outputs, worker, workers), end = Part.Share(outputs, worker + 1, workers),
            n; vector < end; vector += n)
        {
            E* block = (E*)Columns<E, Plain<E>, Plain<E>, L>.Block(
                (Plain<E>*)Native.Address(a.Packed), outputs, a.K, vector, end, out n, out nint stride);
            int column = vector * L.Width;
            for (int k = 0; k < a.K; k++)
                for (int c = 0; c < n * L.Width; c++) block[k * stride + c] = column + c < a.V ? w[(nint)(column + c) * a.K + k] : default;
        }
        if (a.PackedBack.Address == 0) return;
        for (int vector = Part.Share(inputs, worker, workers), end = Part.Share(inputs, worker + 1, workers), n; vector < end; vector += n)
        {
            E* block = (E*)Columns<E, Plain<E>, Plain<E>, L>.Block(
                (Plain<E>*)Native.Address(a.PackedBack), inputs, a.V, vector, end, out n, out nint stride);
            int column = vector * L.Width, count = Math.Min(n * L.Width, a.K - column);
            for (int v = 0; v < a.V; v++)
            {
                Native.Clear(block + v * stride, n * L.Width);
                Native.Copy(w + (nint)v * a.K + column, block + v * stride, count);
            }
        }
    }

    /// <inheritdoc/>
    [IntrinsicImplementation]
    public static void Backward(in OutputArguments<E> a, int worker, int workers)
    {
        // both read the outputs' gradient and write apart from each other: nobody waits
        InputGradient(in a, worker, workers);
        WeightGradient(in a, worker, workers);
    }

    static void InputGradient(in OutputArguments<E> a, int worker, int workers)
    {
        if (a.Da.Address == 0) return;
        int first = Part.Share(a.Rows, worker, workers), last = Part.Share(a.Rows, worker + 1, workers),
            vectors = (a.K + L.Width - 1) / L.Width;
        Walk walk = Walk.Along(a.V);
        Rows<E> output = default;
        for (int vector = 0, n; vector < vectors; vector += n)
        {
            E* w = (E*)Columns<E, Plain<E>, Plain<E>, L>.Block(
                (Plain<E>*)Native.Address(a.PackedBack), vectors, a.V, vector, vectors, out n, out nint stride);
            for (int row = first, rows; row < last; row += rows)
            {
                rows = Rows<E>.Next(last - row, Columns<E, Plain<E>, Plain<E>, L>.MostRows);
                for (int i = 0; i < rows; i++)
                    output.Set(i, Native.Address(a.Da) + (nint)Native.Address(a.RowOf)[row + i] * a.Stride + vector * L.Width);
                Rows<E> gradient = Rows<E>.Strided(Native.Address(a.Y) + (nint)row * a.OutputStride, a.OutputStride);
                Columns<E, Plain<E>, Plain<E>, L>.Run(
                    rows, n, Rows<Plain<E>>.Of(gradient), walk, (Plain<E>*)w, stride, a.AddDa != 0, output, a.K - vector * L.Width);
            }
        }
    }

    static void WeightGradient(in OutputArguments<E> a, int worker, int workers)
    {
        int pieces = WeightProduct.Pieces(a.K) + 1, panels = (a.V + PanelColumns - 1) / PanelColumns,
            stride = WeightProduct.RowStride(a.K, L.Width);
        int first = Part.Share(panels * pieces, worker, workers), last = Part.Share(panels * pieces, worker + 1, workers);
        if (first == last) return;
        E* input = Native.Address(a.Scratch) + (nint)worker * a.ScratchStride;
        for (int k0 = 0, k; k0 < a.Rows; k0 += k)
        {
            k = Math.Min(WeightProduct.KBlock, a.Rows - k0);
            for (int i = 0; i < k; i++)
                Native.Copy(Native.Address(a.A) + (nint)Native.Address(a.RowOf)[k0 + i] * a.Stride, input + i * stride, a.K);
            for (int item = first; item < last; item++) Item(a, item / pieces, item % pieces, pieces, input, stride, k0, k);
        }
        for (int item = first; item < last; item++) Unpack(a, item / pieces, item % pieces, pieces);
    }

    /// <summary>Vectors of a panel; the last one may be narrower.</summary>
    static int VectorsOf(in OutputArguments<E> a, int panel) => Math.Min(4, (a.V - panel * PanelColumns + L.Width - 1) / L.Width);

    static void Item(in OutputArguments<E> a, int panel, int piece, int pieces, E* input, nint stride, int k0, int k)
    {
        switch (VectorsOf(a, panel))
        {
            case 4: Item<Slots4<L>>(a, panel, piece, pieces, input, stride, k0, k); break;
            case 3: Item<Slots3<L>>(a, panel, piece, pieces, input, stride, k0, k); break;
            case 2: Item<Slots2<L>>(a, panel, piece, pieces, input, stride, k0, k); break;
            default: Item<Slots1<L>>(a, panel, piece, pieces, input, stride, k0, k); break;
        }
    }

    static void Item<S>(in OutputArguments<E> a, int panel, int piece, int pieces, E* input, nint stride, int k0, int k)
        where S : struct, ISlots<S, L>
    {
        E* gradient = Native.Address(a.Y) + (nint)k0 * a.OutputStride + panel * PanelColumns;
        if (piece == pieces - 1)
        {
            WeightProduct.Bias<E, Plain<E>, L, S>(
                k, (Plain<E>*)gradient, a.OutputStride, Native.Address(a.DBiasPacked) + panel * PanelColumns, k0 > 0);
            return;
        }
        int column = WeightProduct.Column(piece);
        E* dw = Native.Address(a.DPacked) + (nint)panel * PanelColumns * a.K + (nint)column * S.Count * L.Width;
        WeightProduct.Outer<E, Plain<E>, L, S, AllSlots<S, L>>(
            Math.Min(WeightProduct.Piece, a.K - column), input + column, stride, k, (Plain<E>*)gradient, a.OutputStride, dw, k0 > 0);
    }

    static void Unpack(in OutputArguments<E> a, int panel, int piece, int pieces)
    {
        bool bias = piece == pieces - 1, zero = a.Rows == 0;
        int vectors = VectorsOf(a, panel), column = bias ? 0 : WeightProduct.Column(piece), columns = bias ? 1
            : Math.Min(WeightProduct.Piece, a.K - column);
        for (int s = 0; s < vectors; s++)
        {
            int unit = panel * PanelColumns + s * L.Width, units = Math.Min(L.Width, a.V - unit);
            if (bias)
                WeightProduct.Unpack(Native.Address(a.DBiasPacked) + unit, 0, units, 1, zero, Native.Address(a.DBias), unit, 1,
                    a.AddDw != 0);
            else
                WeightProduct.Unpack(Native.Address(a.DPacked) + (nint)panel * PanelColumns * a.K + ((nint)column * vectors + s) * L.Width,
                    vectors * L.Width,
                    units, columns, zero, Native.Address(a.DWeights), (nint)unit * a.K + column, a.K, a.AddDw != 0);
        }
    }
}

using GpuRnn.Kernels.Products;

namespace GpuRnn.Kernels.Products
{
    /// <summary>Products over the rows of all steps, of a <see cref="WideTile{TRange}"/>: how a number makes them.</summary>
    /// <typeparam name="TSelf">One number.</typeparam>
    /// <typeparam name="E">float or double.</typeparam>
    interface IWideProducts<TSelf, E> where TSelf : struct where E : unmanaged, IFloatingPointIeee754<E>
    {
        /// <summary>As <see cref="TileProduct{E, L, TShape, TArguments}.Run"/>.</summary>
        static abstract void Wide<TShape, TArguments, TRows, TColumns>(
            TShape shape, in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count)
            where TShape : struct, ITileShape where TArguments : struct
            where TRows : struct, IRowOperand<E, TArguments> where TColumns : struct, IColumnOperand<E, TArguments>;

        /// <summary>A sum that it left.</summary>
        static abstract TSelf WideSum<TShape>(TShape shape, in GroupMemory memory, int column, int row) where TShape : struct, ITileShape;
    }
}

namespace GpuRnn.Kernels.Lanes
{
    partial struct ScalarSingle : IWideProducts<ScalarSingle, float>
    {
        static void IWideProducts<ScalarSingle, float>.Wide<TShape, TArguments, TRows, TColumns>(
            TShape shape, in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count) =>
            TileProduct<float, ScalarSingle, TShape, TArguments>.Run(in memory, in a, rows, columns, row0, end, count);

        static ScalarSingle IWideProducts<ScalarSingle, float>.WideSum<TShape>(TShape shape, in GroupMemory memory, int column, int row) =>
            TileSums<float, ScalarSingle, TShape>.At(in memory, column, row);
    }

    partial struct ScalarDouble : IWideProducts<ScalarDouble, double>
    {
        static void IWideProducts<ScalarDouble, double>.Wide<TShape, TArguments, TRows, TColumns>(
            TShape shape, in GroupMemory memory, in TArguments a, TRows rows, TColumns columns, int row0, int end, int count) =>
            TileProduct<double, ScalarDouble, TShape, TArguments>.Run(in memory, in a, rows, columns, row0, end, count);

        static ScalarDouble IWideProducts<ScalarDouble, double>.WideSum<TShape>(TShape shape, in GroupMemory memory, int column, int row) =>
            TileSums<double, ScalarDouble, TShape>.At(in memory, column, row);
    }
}

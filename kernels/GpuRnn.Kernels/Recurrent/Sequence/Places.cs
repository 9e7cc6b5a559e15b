namespace GpuRnn.Kernels.Recurrent;

/// <summary>Where a stage stands in the list of a step's stages.</summary>
interface IPlace
{
    /// <summary>Does it read h of the step before?</summary>
    static abstract bool IsFirst { get; }
    /// <summary>Does it make h?</summary>
    static abstract bool IsLast { get; }
    /// <summary>Its part of a launch's arguments.</summary>
    static abstract ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a) where E : unmanaged, IFloatingPointIeee754<E>;
}

/// <summary>The only stage.</summary>
struct OnlyPlace : IPlace
{
    public static bool IsFirst => true;
    public static bool IsLast => true;
    public static ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        ref a.First;
}

/// <summary>The first of several.</summary>
struct FirstPlace : IPlace
{
    public static bool IsFirst => true;
    public static bool IsLast => false;
    public static ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        ref a.First;
}

/// <summary>The second of three.</summary>
struct MiddlePlace : IPlace
{
    public static bool IsFirst => false;
    public static bool IsLast => false;
    public static ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        ref a.Second;
}

/// <summary>The second of two.</summary>
struct SecondPlace : IPlace
{
    public static bool IsFirst => false;
    public static bool IsLast => true;
    public static ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        ref a.Second;
}

/// <summary>The third of three.</summary>
struct ThirdPlace : IPlace
{
    public static bool IsFirst => false;
    public static bool IsLast => true;
    public static ref readonly StageArguments<E> Of<E>(in SequenceArguments<E> a)
        where E : unmanaged, IFloatingPointIeee754<E> =>
        ref a.Third;
}

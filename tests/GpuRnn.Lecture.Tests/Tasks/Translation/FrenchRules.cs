namespace GpuRnn.Lecture.Tests.Tasks.Translation;

/// <summary>French as a grammar book has it, written down apart from the program's tables: what may stand beside what.</summary>
static class FrenchRules
{
    /// <summary>Gender (m, f) and number (s, p) of each noun.</summary>
    public static readonly Dictionary<string, string> Nouns = Table("""
        homme ms, hommes mp, femme fs, femmes fp, enfant ms, enfants mp, chien ms, chiens mp, voiture fs, voitures fp, tesla fs, maison fs,
        maisons fp, pomme fs, pommes fp, gâteau ms, gâteaux mp, jardin ms, gare fs, école fs, hôtel ms
        """);

    /// <summary>Genders and numbers that a word before a noun goes with. "vieil" and "vieux" are told apart by what follows.</summary>
    public static readonly Dictionary<string, string> Before = Table("""
        grand ms, grande fs, grands mp, grandes fp, petit ms, petite fs, petits mp, petites fp, vieux ms mp, vieil ms,
        vieille fs, vieilles fp
        """);

    public static readonly Dictionary<string, string> After = Table("rouge ms fs, rouges mp fp, bleu ms, bleue fs, bleus mp, bleues fp");

    /// <summary>
    /// "de" follows a negation, or stands for "des" before an adjective; "l'", "mon" and "son" are looked at by themselves.
    /// </summary>
    public static readonly Dictionary<string, string> Determiners = Table("""
        le ms, la fs, les mp fp, l' ms fs, un ms, une fs, des mp fp, de ms fs mp fp, d' ms fs mp fp, du ms, au ms, deux mp fp,
        mon ms fs, ma fs, mes mp fp, son ms fs, sa fs, ses mp fp
        """);

    /// <summary>Verbs with je, tu, il or elle, ils or elles.</summary>
    public static readonly Dictionary<string, string> Verbs = Table("""
        mange je il, manges tu, mangent ils, achète je il, achètes tu, achètent ils, aime je il, aimes tu, aiment ils, vois je tu,
        voit il, voient ils, dors je tu, dort il, dorment ils, ai je, as tu, a il, ont ils, suis je, es tu, est il, sont ils, vais
        je, vas tu, va il, vont ils, veux je tu, veut il, veulent ils, peux je tu, peut il, peuvent ils
        """);

    public static bool IsVowel(char letter) => "aeiouyéèêàâîôûœh".Contains(letter);

    static Dictionary<string, string> Table(string rows) => rows.ReplaceLineEndings(" ").Split(',', StringSplitOptions.TrimEntries)
        .ToDictionary(row => row.Split(' ')[0], row => row[row.IndexOf(' ')..].Trim());
}

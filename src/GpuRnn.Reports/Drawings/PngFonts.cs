using System.Text;
using SkiaSharp;

namespace GpuRnn.Reports.Drawings;

/// <summary>The fonts that Skia draws with: what the machine has, which may be none.</summary>
static class PngFonts
{
    static readonly string[] s_sans = ["Open Sans", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"];
    static readonly string[] s_mono = ["Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono", "Consolas", "Menlo", "Courier New"];
    static readonly SKTypeface s_plain = Find(s_sans, SKFontStyle.Normal), s_bold = Find(s_sans, SKFontStyle.Bold),
        s_fixed = Find(s_mono, SKFontStyle.Normal);

    /// <summary>Can text be drawn? Without fonts Skia still counts one family, which has no name and no glyphs.</summary>
    public static bool HasAny => SKTypeface.Default.ContainsGlyph('A');

    /// <summary>The usual font, or another one of the machine that has a character which the usual one lacks.</summary>
    public static SKTypeface For(string text, Lettering lettering)
    {
        SKTypeface usual = lettering.Mono ? s_fixed : lettering.Bold ? s_bold : s_plain;
        foreach (Rune rune in text.EnumerateRunes())
            if (!usual.ContainsGlyph(rune.Value)) return SKFontManager.Default.MatchCharacter(rune.Value) ?? usual;
        return usual;
    }

    static SKTypeface Find(string[] names, SKFontStyle style)
    {
        string? name = names.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains);
        return (name is null ? null : SKTypeface.FromFamilyName(name, style)) ?? SKTypeface.Default;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StreamEngine.Storage.Blocks;

/// <summary>
/// PostgreSQL's text holds every character but NUL, and a visitor's id may hold that one too. It is written as ESC-sign 0, and an ESC-sign
/// (U+241B) twice: every text comes back as it was, and nearly all are stored as they are.
/// </summary>
internal static class StoredText
{
    private const char Nul = '\0';
    private const char Escape = '\u241B';

    /// <summary>What the ESC-sign begins with as UTF-8, as does every character from U+2000 to U+2FFF.</summary>
    private const byte EscapeLead = 0xE2;

    /// <summary>The text may have to be written in another form than it has.</summary>
    public static bool MayChange(ReadOnlySpan<byte> utf8) => utf8.IndexOfAny((byte)Nul, EscapeLead) >= 0;

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Write(string? text)
    {
        return text is null || text.AsSpan().IndexOfAny(Nul, Escape) < 0 ? text : Escaped(text);

        static string Escaped(string text) => text.Replace("\u241B", "\u241B\u241B", StringComparison.Ordinal).Replace("\0", "\u241B0", StringComparison.Ordinal);
    }

    [return: NotNullIfNotNull(nameof(stored))]
    public static string? Read(string? stored)
    {
        return stored is null || !stored.Contains(Escape, StringComparison.Ordinal) ? stored : Unescaped(stored);

        static string Unescaped(string stored)
        {
            var text = new StringBuilder(stored.Length);
            for (var i = 0; i < stored.Length; i++)
            {
                if (stored[i] != Escape) text.Append(stored[i]);
                else if (++i < stored.Length) text.Append(stored[i] == Escape ? Escape : Nul);
            }
            return text.ToString();
        }
    }
}

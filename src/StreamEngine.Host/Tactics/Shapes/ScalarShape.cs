using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A single value.</summary>
internal abstract class ScalarShape<T>(string noun, string example) : Shape<T>(noun, example)
    where T : notnull
{
    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes) =>
        node is not ScalarNode scalar ? Refuse(node, mistakes)
        : TryRead(scalar, mistakes, out var value) ? value
        : null;

    /// <summary>Notes a mistake where it returns false.</summary>
    protected abstract bool TryRead(ScalarNode scalar, MistakeList mistakes, [MaybeNullWhen(false)] out T value);

    protected bool Complain(ScalarNode scalar, MistakeList mistakes, string what, string? suggestion = null)
    {
        mistakes.Add(scalar.At, $"{MistakeList.Quote(scalar.Text)} is not {Noun}: {what}", suggestion);
        return false;
    }

    /// <summary>A pattern that the schema shows to editors as it stands, so it keeps to what .NET and JavaScript read alike.</summary>
    protected static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Unlike in JavaScript, "$" also matches before a last line break.</summary>
    protected static bool MatchesWhole(Regex pattern, string text, out Match match)
    {
        match = pattern.Match(text);
        return match.Success && match.Length == text.Length;
    }
}

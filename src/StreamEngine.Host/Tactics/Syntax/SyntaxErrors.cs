using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace StreamEngine.Host.Tactics.Syntax;

/// <summary>A YAML library speaks to programmers; this says to a retailer what most likely happened.</summary>
internal static partial class SyntaxErrors
{
    public static readonly string TooDeep = string.Create(CultureInfo.InvariantCulture,
        $"lists and groups stand more than {SyntaxReader.DepthMax} deep inside each other: no tactic needs that");

    public const string Stumbled = "a bracket or a quote that is opened further up is not closed";

    public static string Explain(YamlException broken, string text)
    {
        if (string.Equals(broken.Message, TooDeep, StringComparison.Ordinal))
        {
            return TooDeep;
        }
        var hint = HintOf(broken.Message, LineAt(text, (int)broken.Start.Line));
        return $"this is not YAML: {Sentence(broken.Message)}{(hint is null ? "" : $"; {hint}")}";
    }

    // Most telling first.
    private static string? HintOf(string message, string line) =>
        UnquotedRange().IsMatch(line) ? "a range that begins with '>' needs quotes: value: \">= 500\""
        : AnchorOrAlias().IsMatch(line) ? "a tactics file has no anchors (&x) and no aliases (*x): write the value out"
        : line.Contains('\t', StringComparison.Ordinal) ? "there is a tab in this line: write spaces"
        : message.Contains("quoted scalar", StringComparison.Ordinal) ? "a quote is opened here and not closed"
        : message.Contains("',' or '", StringComparison.Ordinal) ? "a comma is missing before this, or a bracket is not closed"
        : message.Contains("cannot start any token", StringComparison.Ordinal) ? "a value that begins with such a sign needs quotes"
        : message.Contains("expected", StringComparison.Ordinal) || message.Contains("invalid mapping", StringComparison.Ordinal)
            ? "is this line indented as it should be, and is every quote and bracket above it closed?"
        : null;

    private static string Sentence(string message)
    {
        var trimmed = MistakeList.Printable(message).Trim().TrimEnd('.');
        return trimmed.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(trimmed[0]) + trimmed[1..];
    }

    private static string LineAt(string text, int line) => text.Split('\n').ElementAtOrDefault(line - 1) ?? "";

    [GeneratedRegex(@":\s*>=?\s*[0-9]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnquotedRange();

    [GeneratedRegex(@":\s*[&*][A-Za-z0-9]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnchorOrAlias();
}

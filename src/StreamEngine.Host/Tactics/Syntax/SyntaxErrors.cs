using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace StreamEngine.Host.Tactics.Syntax;

/// <summary>A YAML library speaks to programmers; this says to a retailer what most likely happened.</summary>
internal static partial class SyntaxErrors
{
    public static readonly string TooDeep = string.Create(CultureInfo.InvariantCulture,
        $"lists and groups stand more than {SyntaxReader.DepthMax} deep inside each other: no tactic needs that");

    public static string Explain(YamlException broken, string text)
    {
        if (string.Equals(broken.Message, TooDeep, StringComparison.Ordinal))
        {
            return TooDeep;
        }
        var line = LineAt(text, (int)broken.Start.Line);
        var found = $"this is not YAML: {Sentence(broken.Message)}";
        if (UnquotedRange().IsMatch(line))
        {
            return $"{found}; a range that begins with '>' needs quotes: value: \">= 500\"";
        }
        if (line.Contains('\t', StringComparison.Ordinal))
        {
            return $"{found}; there is a tab in this line: write spaces";
        }
        return broken.Message.Contains("quoted scalar", StringComparison.Ordinal) ? $"{found}; a quote is opened here and not closed" : found;
    }

    private static string Sentence(string message)
    {
        var trimmed = MistakeList.Printable(message).Trim().TrimEnd('.');
        return trimmed.Length == 0 ? "it cannot be read" : char.ToLowerInvariant(trimmed[0]) + trimmed[1..];
    }

    private static string LineAt(string text, int line) => text.Split('\n').ElementAtOrDefault(line - 1) ?? "";

    [GeneratedRegex(@":\s*>=?\s*[0-9]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnquotedRange();
}

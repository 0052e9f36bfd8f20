using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A name or a code.</summary>
/// <param name="rule">The pattern in words.</param>
/// <param name="mend">Makes a right spelling of a wrong one; a mended text that is still wrong is not suggested.</param>
internal sealed class TextShape(string noun, string example, string pattern, string rule, Func<string, string>? mend = null)
    : ScalarShape<string>(noun, example)
{
    private readonly Regex _pattern = Pattern(pattern);

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Text;
        // An editor reads these as truth values, not as text.
        if (scalar.IsPlain && value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            return Complain(scalar, mistakes, "YAML reads it as yes or no, so put it in quotes");
        }
        if (MatchesWhole(_pattern, value, out _))
        {
            return true;
        }
        var mended = value.Length <= 100 ? mend?.Invoke(value) : null;
        return Complain(scalar, mistakes, rule, mended is not null && MatchesWhole(_pattern, mended, out _) ? mended : null);
    }

    // Unquoted digits are a number to an editor, and a name all the same.
    public override JsonObject Schema(SchemaParts parts) =>
        new() { ["type"] = new JsonArray("string", "number"), ["pattern"] = pattern };
}

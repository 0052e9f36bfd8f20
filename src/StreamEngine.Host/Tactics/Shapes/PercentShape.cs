using System.Globalization;
using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A share with its sign, from 0 to 100: <c>10%</c>.</summary>
/// <param name="digits">Digits after the point, at most.</param>
internal sealed class PercentShape(string noun, string example, int digits) : ScalarShape<double>(noun, example)
{
    private readonly string _text = digits == 0
        ? "^(100|[0-9]{1,2}) ?%$"
        : string.Create(CultureInfo.InvariantCulture, $@"^(100|[0-9]{{1,2}}(?:\.[0-9]{{1,{digits}}})?) ?%$");

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out double value)
    {
        value = 0;
        var pattern = Pattern(_text);
        if (MatchesWhole(pattern, scalar.Text, out var match))
        {
            value = double.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            return true;
        }
        var signed = scalar.Text.Length <= 10 ? scalar.Text + "%" : "";
        return MatchesWhole(pattern, signed, out _)
            ? Complain(scalar, mistakes, "it has no percent sign", signed)
            : Complain(scalar, mistakes, $"write a share from 0% to 100%, such as {Example}");
    }

    public override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "string", ["pattern"] = _text };
}

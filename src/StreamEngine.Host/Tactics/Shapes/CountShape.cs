using System.Globalization;
using System.Text.Json.Nodes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A whole number of at least 1.</summary>
/// <param name="zero">What 0 would mean, and what to write instead.</param>
internal sealed class CountShape(string noun, string example, int max, string zero) : ScalarShape<int>(noun, example)
{
    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out int value)
    {
        if (!int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return Complain(scalar, mistakes, string.Create(CultureInfo.InvariantCulture, $"write a whole number from 1 to {max}, such as {Example}"));
        }
        if (!scalar.IsPlain)
        {
            return Complain(scalar, mistakes, "in quotes it is text", value.ToString(CultureInfo.InvariantCulture));
        }
        if (value is < 1)
        {
            return Complain(scalar, mistakes, zero);
        }
        return value <= max || Complain(scalar, mistakes, string.Create(CultureInfo.InvariantCulture, $"it is {max} at most"));
    }

    public override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = max };
}

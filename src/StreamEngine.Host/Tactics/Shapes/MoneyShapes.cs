using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>An amount in units of its currency: <c>19.90</c>.</summary>
internal sealed class AmountShape() : ScalarShape<decimal>("an amount", "500")
{
    /// <summary>Below a billion, with the three decimals that some currencies have.</summary>
    public const string Number = @"[0-9]{1,9}(?:\.[0-9]{1,3})?";
    private const int ValueMax = 999_999_999;
    private static readonly Regex Whole = Pattern($"^{Number}$");

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out decimal value)
    {
        value = 0;
        if (!MatchesWhole(Whole, scalar.Text, out _) || !scalar.IsPlain)
        {
            return Complain(scalar, mistakes, "write a number without quotes, sign or thousands mark, such as 19.90");
        }
        value = decimal.Parse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return value <= ValueMax || Complain(scalar, mistakes, string.Create(CultureInfo.InvariantCulture, $"it is {ValueMax} at most"));
    }

    public override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = ValueMax };
}

/// <param name="Min">Included.</param>
/// <param name="Max">Not included.</param>
internal sealed record ValueRange(decimal? Min, decimal? Max);

/// <summary>Cart values: <c>"&gt;= 500"</c>, <c>"&lt; 50"</c>, <c>20..500</c>, or a group of min and max.</summary>
internal sealed class ValueRangeShape() : Shape<ValueRange>("a value range", "\">= 500\"")
{
    private const string Text = $@"^(?:>= ?(?<least>{AmountShape.Number})|< ?(?<below>{AmountShape.Number})|(?<from>{AmountShape.Number}) ?\.\. ?(?<to>{AmountShape.Number}))$";
    private const string Examples = "write \">= 500\", \"< 50\" or 20..500; the lower end is included, the upper is not";

    private static readonly Regex Range = new(Text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // What people write instead, and what they most likely meant.
    private static readonly (Regex Wrong, string Right)[] Near =
    [
        (Wrong($@"^({AmountShape.Number})\+?$"), ">= $1"),
        (Wrong($"^(?:>|=>|≥) ?({AmountShape.Number})$"), ">= $1"),
        (Wrong($"^(?:<=|=<|≤) ?({AmountShape.Number})$"), "< $1"),
        (Wrong($@"^({AmountShape.Number}) ?(?:-|–|\.\.\.|to|\.) ?({AmountShape.Number})$"), "$1..$2"),
    ];

    private static readonly Key<decimal> Min = new("min", new AmountShape(), "The lowest value that counts.");
    private static readonly Key<decimal> Max = new("max", new AmountShape(), "Values from here on do not count any more.");
    private static readonly GroupShape Group = new("a value range", "{ min: 20, max: 500 }", Min, Max);

    public override bool HasKey(string key) => Group.HasKey(key);

    protected override object? ReadPresent(SyntaxNode node, MistakeList mistakes)
    {
        var range = node switch
        {
            ScalarNode scalar => FromText(scalar, mistakes),
            MapNode => Group.Read(node, mistakes) is Fields fields ? FromFields(fields) : null,
            _ => (ValueRange?)Refuse(node, mistakes),
        };
        if (range is { Min: { } min, Max: { } max } && min >= max)
        {
            mistakes.Add(node.At, string.Create(CultureInfo.InvariantCulture, $"no cart has a value from {min} to below {max}, so this can never fire"));
            return null;
        }
        if (range is { Max: 0 })
        {
            mistakes.Add(node.At, "no cart has a value below 0, so this can never fire");
            return null;
        }
        return range;
    }

    private static ValueRange? FromText(ScalarNode scalar, MistakeList mistakes)
    {
        var match = Range.Match(scalar.Text);
        if (match.Success && match.Length == scalar.Text.Length)
        {
            return new ValueRange(Amount(match.Groups["least"]) ?? Amount(match.Groups["from"]), Amount(match.Groups["below"]) ?? Amount(match.Groups["to"]));
        }
        var near = Array.Find(Near, n => scalar.Text.Length <= 50 && n.Wrong.IsMatch(scalar.Text));
        mistakes.Add(scalar.At, $"{MistakeList.Quote(scalar.Text)} is not a value range: {Examples}", near.Wrong?.Replace(scalar.Text, near.Right));
        return null;
    }

    private static ValueRange FromFields(Fields fields) => new(
        fields.TryGet(Min, out var min) ? min : null,
        fields.TryGet(Max, out var max) ? max : null);

    private static decimal? Amount(Group found) =>
        found.Success ? decimal.Parse(found.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : null;

    private static Regex Wrong(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public override JsonObject Schema(SchemaParts parts) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["pattern"] = Text },
            Group.Schema(parts)),
    };
}

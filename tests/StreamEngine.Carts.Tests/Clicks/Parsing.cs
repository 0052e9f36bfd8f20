using System.Text;
using StreamEngine.Carts.Clicks;
using Xunit;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>Parses one record as text, and fails the test where the outcome is not the one that it is about.</summary>
internal static class Parsing
{
    public const long RecordTimeMs = 1_790_000_000_000;

    public static ClickParser Parser(ClickOptions? options = null) => new(options ?? new ClickOptions());

    public static ParseOutcome Parse(this ClickParser parser, string json, string key = "v-1", long recordTimeMs = RecordTimeMs) =>
        parser.Parse(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), recordTimeMs);

    public static Click Click(string json, ClickOptions? options = null)
    {
        var parser = Parser(options);
        var outcome = parser.Parse(json);
        Assert.True(outcome == ParseOutcome.Click, $"{outcome}, {parser.Fault}: {json}");
        return parser.Click;
    }

    public static ClickFault Fault(string json, ClickOptions? options = null)
    {
        var parser = Parser(options);
        Assert.Equal(ParseOutcome.Malformed, parser.Parse(json));
        Assert.InRange(parser.Fault.BytePosition, 0, Encoding.UTF8.GetByteCount(json));
        return parser.Fault;
    }

    public static void Faulty(FaultReason reason, string? field, string json)
    {
        var fault = Fault(json);
        Assert.Equal((reason, field), (fault.Reason, fault.Field));
    }

    public static Click Track(string name, string properties) => Click(TrackJson(name, properties));

    public static string TrackJson(string name, string properties) => $$"""{"type":"track","event":"{{name}}","properties":{{properties}}}""";

    public static string String(this Click click, TextRange range) => Encoding.UTF8.GetString(click.Text(range));

    /// <summary>All that a click says, to be compared.</summary>
    public static string Shows(this Click click) => FormattableString.Invariant(
        $"""
        {click.Kind} {click.String(click.Visitor)} {click.TimeMs} {click.EventTimeMs} {click.MessageId} {click.Page} {click.Device} {click.ConfidencePercent}
        {click.Currency} {click.ValueE4} {click.OrderId} {click.OrderCount} {click.LastOrderAtMs} {click.Consents} {click.ActionId}
        {string.Join('|', new[] { click.CartId, click.CheckoutId, click.Coupon, click.Locale, click.TimeZone, click.Email, click.Phone }.Select(click.String))}
        {click.HasLines} {string.Join(';', click.Lines.ToArray().Select(line => (click.String(line.Product), click.String(line.Name), line.Quantity, line.PriceE4)))}
        """);
}

namespace StreamEngine.Carts.Sessions;

/// <summary>How a cart session lives. All spans in ms.</summary>
public sealed record SessionOptions
{
    /// <summary>Names the shop in action ids: two shops on one topic must not share ids.</summary>
    public string Store { get; init; } = "shop";

    /// <summary>Applies where neither the click nor the cart says a currency.</summary>
    public Currency Currency { get; init; } = Currency.Parse("EUR");
    public long IdleAfterMs { get; init; } = 30 * 60_000L;
    public long ExitAfterMs { get; init; } = 5 * 60_000L;
    public long RecoveredWithinMs { get; init; } = 7 * 86_400_000L;

    /// <summary>A visitor who bought, was sent something, or told a contact or consent is remembered this long after the last activity.</summary>
    public long RememberForMs { get; init; } = 7 * 86_400_000L;
    public int CartLinesMax { get; init; } = 200;

    /// <summary>Clicks a second one visitor may make for long; above, clicks are only counted. Orders and consents always pass.</summary>
    public int ClicksPerSecondMax { get; init; } = 20;

    /// <summary>Clicks one visitor may make at once.</summary>
    public int ClickBurstMax { get; init; } = 200;
}

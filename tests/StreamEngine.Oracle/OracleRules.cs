using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle;

/// <summary>What the shop has set: the settings of docs/settings.md that decide about sessions, and the tactics as they were read from their file. Spans in ms.</summary>
public sealed record OracleRules
{
    public required TacticsDefinition Tactics { get; init; }
    public string Store { get; init; } = "shop";
    public string Currency { get; init; } = "EUR";
    public long IdleAfterMs { get; init; } = 30 * 60_000L;
    public long ExitAfterMs { get; init; } = 5 * 60_000L;
    public long RecoveredWithinMs { get; init; } = 7 * 86_400_000L;
    public long RememberForMs { get; init; } = 7 * 86_400_000L;
    public int CartLinesMax { get; init; } = 200;
    public int ClicksPerSecondMax { get; init; } = 20;
    public int ClickBurstMax { get; init; } = 200;
}

using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>
/// Tactics that no file can hold, because the reader of files bounds their times: their actions expire after the year 9999, which cannot be written.
/// So the turn of a visitor that they concern throws, as it would after a bug.
/// </summary>
internal static class FailingTactics
{
    private const long NeverMs = long.MaxValue / 4;

    /// <summary>Concern visitors whose locale is "xx": ten seconds on a product page, and an emptied wishlist.</summary>
    public static TacticSet Set { get; } = TacticSet.Compile(
        new TacticsDefinition("failing-1", 0, "salt", [
            Tactic("fails-on-dwell", new Trigger(TriggerKind.PageDwell, 10_000, PageType.Product)),
            Tactic("fails-on-click", new Trigger(TriggerKind.Event, Event: ClickKind.ProductRemovedFromWishlist)),
        ]),
        Currency.Parse("EUR"));

    private static Tactic Tactic(string name, Trigger on) => new(
        name, on, Conditions.None with { Locales = ["xx"] }, ActionKind.ChatPrompt, name, null, null, 0, new Limits(), NeverMs, [], []);
}

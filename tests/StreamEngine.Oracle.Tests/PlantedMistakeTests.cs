using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle.Tests;

/// <summary>The comparison can fail: an oracle whose rules are a little off the engine's is told apart within the stories of the main test.</summary>
public sealed class PlantedMistakeTests(ITestOutputHelper output)
{
    private const int Stories = 2_000;

    private static readonly Dictionary<string, Func<OracleRules, OracleRules>> Mistakes = new(StringComparer.Ordinal)
    {
        ["idle a tick later"] = r => r with { IdleAfterMs = r.IdleAfterMs + 10 },
        ["exit a tick earlier"] = r => r with { ExitAfterMs = r.ExitAfterMs - 10 },
        ["lapse a tick later"] = r => r with { RecoveredWithinMs = r.RecoveredWithinMs + 10 },
        ["remembered a tick longer"] = r => r with { RememberForMs = r.RememberForMs + 10 },
        ["one click more at once"] = r => r with { ClickBurstMax = r.ClickBurstMax + 1 },
        ["one line more"] = r => r with { CartLinesMax = r.CartLinesMax + 1 },
        ["another store's ids"] = r => r with { Store = "other" },
        ["another store's currency"] = r => r with { Currency = "CHF" },
        ["nobody held out"] = r => r with { Tactics = r.Tactics with { HoldOutPercent = 0 } },
        ["other visitors held out"] = r => r with { Tactics = r.Tactics with { HoldOutSalt = "other" } },
        ["a limit a cart more"] = r => Each(r, t => t with { Limits = t.Limits with { PerCart = t.Limits.PerCart == 0 ? 0 : t.Limits.PerCart + 1 } }),
        ["a limit a visitor more"] = r => Each(r, t => t with { Limits = t.Limits with { PerVisitor = t.Limits.PerVisitor == 0 ? 0 : t.Limits.PerVisitor + 1 } }),
        ["a window a tick longer"] = r => Each(r, t => t with { Limits = t.Limits with { WindowMs = t.Limits.WindowMs + 10 } }),
        ["no window"] = r => Each(r, t => t with { Limits = t.Limits with { WindowCount = 0 } }),
        ["expiry a tick later"] = r => Each(r, t => t with { ExpiresMs = t.ExpiresMs + 10 }),
        ["offsets a tick later"] = r => Each(r, t => t.On.Kind == TriggerKind.Abandoned ? t with { On = t.On with { AfterMs = t.On.AfterMs + 10 } } : t),
        ["dwell a tick later"] = r => Each(r, t => t.On.Kind == TriggerKind.PageDwell ? t with { On = t.On with { AfterMs = t.On.AfterMs + 10 } } : t),
        ["weaker exit intents"] = r => Each(r, t => t with { On = t.On with { ConfidencePercentMin = t.On.ConfidencePercentMin / 2 } }),
        ["replaces nobody"] = r => Each(r, t => t with { Instead = [] }),
        ["asks no consent"] = r => Each(r, t => t with { If = t.If with { Consent = [] } }),
        ["any phase"] = r => Each(r, t => t with { If = t.If with { Phases = [] } }),
        ["a value more"] = r => Each(r, t => t with { If = t.If with { ValueMin = t.If.ValueMin + 0.01m } }),
        ["no delay"] = r => Each(r, t => t with { DelayMs = 0 }),
        ["variants the other way round"] = r => Each(r, t => t with { Variants = [.. t.Variants.Reverse()] }),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_oracle_with_a_mistake_disagrees(string mistake)
    {
        var seed = Enumerable.Range(1, Stories).FirstOrDefault(s => Comparison.Of(new StoryWriter(s).Write(), Mistakes[mistake]).Length > 0);
        Assert.True(seed > 0, $"No story of {Stories} tells '{mistake}' apart.");
        output.WriteLine($"{mistake}: story {seed}");
    }

    [Fact]
    public void A_difference_is_shown_by_the_shortest_story()
    {
        var story = new StoryWriter(1).Write();
        static OracleRules Wrong(OracleRules rules) => rules with { Store = "other" };
        var shortest = StoryShrinker.Shrink(story, s => s.Steps.Count > 0 && Comparison.Of(s, Wrong).Length > 0);
        Assert.True(story.Steps.Count > 3, "The story was short before.");
        Assert.InRange(shortest.Steps.Count, 1, 2);
    }

    private static OracleRules Each(OracleRules rules, Func<Tactic, Tactic> change) =>
        rules with { Tactics = rules.Tactics with { Tactics = [.. rules.Tactics.Tactics.Select(change)] } };
}

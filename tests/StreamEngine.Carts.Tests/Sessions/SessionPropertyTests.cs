using FsCheck.Fluent;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>What holds for every story of clicks, however odd.</summary>
public sealed class SessionPropertyTests
{
    private static bool IsFact(CartAction action) => action.Kind is ActionKind.CartAbandoned or ActionKind.CartRecovered or ActionKind.ActionCancelled;

    [Fact]
    public void Nothing_throws_and_every_total_is_the_sum_of_its_lines() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        foreach (var step in story)
        {
            carts.Advance(step.WaitMs);
            carts.Feed(step);
            var session = carts.Session;
            Assert.InRange(session.ValueMinor, 0, Money.MinorMax);
            if (session.Lines.Count > 0)
            {
                Assert.Equal(session.Lines.Span.ToArray().Sum(l => Math.Max(0, l.PriceMinor) * l.Quantity), session.ValueMinor);
                Assert.True(session.HasLiveCart);
            }
            Assert.All(session.Lines.Span.ToArray(), l => Assert.InRange(l.Quantity, 1, 1_000_000));
            Assert.True(session.AbandonedMs == 0 || session.HasLiveCart);
            Assert.True(session.Phase != CartPhase.Abandoned || session.AbandonedMs > 0);
            Assert.True(carts.Actor.NextDueMs(session) < CartDeadlines.Never);
        }
    }), 400);

    [Fact]
    public void An_episode_has_one_abandonment_and_at_most_one_recovery() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        Play(carts, story);
        foreach (var kind in (ActionKind[])[ActionKind.CartAbandoned, ActionKind.CartRecovered])
        {
            var facts = carts.Decided.FindAll(a => a.Kind == kind);
            Assert.Equal(facts.Count, facts.DistinctBy(a => a.Id).Count());
            Assert.Equal(facts.Count, carts.Moves.Count(m => m.To == (kind == ActionKind.CartAbandoned ? CartPhase.Abandoned : CartPhase.Recovered)));
        }
        Assert.All(carts.Moves, m => Assert.True(CartMoves.IsAllowed(m.From, m.To)));
    }));

    [Fact]
    public void A_session_that_is_over_gives_back_all_memory_that_it_took() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        Play(carts, story);
        carts.Current?.Release(carts.Memory);
        var memory = carts.Memory;
        Assert.Equal((0, 0, 0, 0, 0, 0), (memory.Lines.InUse, memory.Messages.InUse, memory.Counters.InUse, memory.Extras.InUse, memory.Pending.InUse, memory.Bytes.InUse));
    }));

    [Fact]
    public void No_two_decisions_share_an_id() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        Play(carts, story);
        Assert.Equal(carts.Decided.Count, carts.Decided.DistinctBy(a => a.Id).Count());
        Assert.All(carts.Decided, a => Assert.NotEmpty(a.Reasons));
    }));

    [Fact]
    public void A_document_beside_others_of_its_turn_is_what_it_is_alone() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        Play(carts, story);
        Assert.Equal(carts.Decided.Select(a => Convert.ToHexString(ActionDocument.Write(a))), carts.Documents.Select(Convert.ToHexString), StringComparer.Ordinal);
    }));

    [Fact]
    public void Nobody_who_has_bought_is_reminded() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var carts = Shipped();
        foreach (var step in story)
        {
            carts.Advance(step.WaitMs);
            carts.Feed(step);
        }
        Assert.All(carts.Decided, a => Assert.True(IsFact(a) || a.Cart.Phase is not (CartPhase.Purchased or CartPhase.Recovered or CartPhase.Lapsed)));
        var reminders = carts.Decided.FindAll(a => a.Kind is ActionKind.Email or ActionKind.SmsReminder or ActionKind.VipEscalation);
        Assert.All(reminders, a => Assert.Equal(CartPhase.Abandoned, a.Cart.Phase));
    }));

    [Fact]
    public void How_time_is_cut_into_wakes_changes_nothing() => Checks.Run(Prop.ForAll(RandomClicks.Stories, ArbMap.Default.ArbFor<int>(), (story, seed) =>
    {
        var (once, often) = (Shipped(), Shipped());
        var random = new Random(seed);
        foreach (var step in story)
        {
            once.AdvanceAsleep(step.WaitMs);
            once.Feed(step);
            var target = often.NowMs + step.WaitMs;
            for (var i = random.Next(5); i > 0; i--)
            {
                often.AdvanceTo(often.NowMs + random.NextInt64(target - often.NowMs + 1));
            }
            while (often.Current is { } session && often.Actor.NextDueMs(session) is var due && due < target && random.Next(4) > 0)
            {
                often.AdvanceTo(Math.Max(due, often.NowMs));
            }
            often.AdvanceTo(target);
            often.Feed(step);
        }
        AssertSame(once, often);
        Assert.Equal(once.Verdicts, often.Verdicts);
        Assert.Equal(once.Encode(), often.Encode());
    }));

    [Fact]
    public void A_session_that_goes_through_its_bytes_after_every_step_behaves_as_before() => Checks.Run(Prop.ForAll(RandomClicks.Stories, story =>
    {
        var (resident, restarted) = (Shipped(), Shipped());
        foreach (var step in story)
        {
            resident.Advance(step.WaitMs);
            restarted.Advance(step.WaitMs);
            resident.Feed(step);
            restarted.Feed(step);
            var bytes = resident.Encode();
            restarted.Restart();
            Assert.Equal(bytes, restarted.Encode());
        }
        AssertSame(resident, restarted);
        Assert.Equal(resident.Verdicts, restarted.Verdicts);
    }));

    private static SessionDriver Shipped() => new(TacticExamples.Shipped(0)) { WallMs = 0 };

    private static void Play(SessionDriver carts, Step[] story)
    {
        foreach (var step in story)
        {
            carts.Advance(step.WaitMs);
            carts.Feed(step);
        }
        carts.Advance(40 * SessionDriver.Day);
    }

    private static void AssertSame(SessionDriver expected, SessionDriver actual)
    {
        Assert.Equal(expected.Decided.Select(a => Convert.ToHexString(ActionDocument.Write(a))), actual.Decided.Select(a => Convert.ToHexString(ActionDocument.Write(a))), StringComparer.Ordinal);
        Assert.Equal(expected.Moves, actual.Moves);
        Assert.Equal(expected.SessionsBegun, actual.SessionsBegun);
    }
}

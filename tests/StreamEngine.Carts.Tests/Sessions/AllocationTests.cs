using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>A click that changes nothing but numbers costs the garbage collector nothing.</summary>
public sealed class AllocationTests
{
    private const int Clicks = 100_000;

    [Fact]
    public void Pages_product_views_and_heartbeats_allocate_nothing() => AssertFree(
        Page(PageType.Product), Of(ClickKind.ProductViewed), Heartbeat(), Page(PageType.Cart).With(c => c.Locale = Text(c, "de-CH")));

    [Fact]
    public void Adding_a_known_product_again_allocates_nothing() => AssertFree(
        Add("sku-1", 1, 9.95m, "CHF"), Add("a product with a name that is longer than what a pool of shared texts is ready to keep for ever", 1, 3, "CHF"));

    [Fact]
    public void Coming_and_going_and_the_way_to_the_checkout_allocate_nothing() => AssertFree(
        PageLeft(), Checkout(value: 10, checkoutId: "checkout-17"), Coupon("SAVE5"), Of(ClickKind.MessageOpened), Consent(Channel.Sms, ConsentState.Granted));

    private static void AssertFree(params Action<Click>[] fills)
    {
        var options = new SessionOptions { ClicksPerSecondMax = 1000, ClickBurstMax = 1000 };
        var actor = new CartActor(options, TacticSet.Compile(TacticExamples.Shipped(0), options.Currency), new SessionMemory());
        var clicks = Array.ConvertAll(fills, fill =>
        {
            var click = new Click();
            click.Clear();
            fill(click);
            return click;
        });
        var session = new CartSession("visitor-1"u8.ToArray());
        var turn = new CartTurn();
        var nowMs = SessionDriver.StartMs;
        actor.Start(session, clicks[0], nowMs);
        Run(1_000);
        // What a click allocates comes with each of them. Something of the runtime's own came once: 4 kB in one of dozens of runs, beside other tests.
        Assert.Equal(0, Math.Min(Allocated(Clicks), Allocated(Clicks)));

        long Allocated(int count)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(count);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                nowMs += 1;
                var click = clicks[i % clicks.Length];
                (click.TimeMs, click.EventTimeMs, click.MessageId) = (nowMs, nowMs, (ulong)nowMs);
                turn.Begin(nowMs, nowMs);
                actor.Handle(session, click, turn);
                if (turn.Verdict == Verdict.Malformed || actor.NextDueMs(session) <= nowMs)
                {
                    throw new InvalidOperationException("The clicks were meant to be plain.");
                }
            }
        }
    }
}

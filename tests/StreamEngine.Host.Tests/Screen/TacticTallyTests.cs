using StreamEngine.Host.Screen;
using Xunit;

namespace StreamEngine.Host.Tests.Screen;

public sealed class TacticTallyTests
{
    [Fact]
    public void Counts_of_a_tactic_come_together_with_the_largest_reason_first()
    {
        var tallies = TacticTally.Of([("cart-chat (held: HoldOut)", 2), ("cart-chat", 7), ("cart-chat (held: LimitPerCart)", 5)]);
        var tally = Assert.Single(tallies);
        Assert.Equal(("cart-chat", 7L), (tally.Tactic, tally.Sent));
        Assert.Equal([("LimitPerCart", 5L), ("HoldOut", 2L)], tally.Held);
    }

    [Fact]
    public void A_tactic_that_only_held_back_is_there_with_nothing_sent()
    {
        var tally = Assert.Single(TacticTally.Of([("sms-3h (held: NoConsent)", 3)]));
        Assert.Equal(("sms-3h", 0L), (tally.Tactic, tally.Sent));
    }
}

using StreamEngine.Engine.Stores;
using StreamEngine.Host.Screen;
using Xunit;

namespace StreamEngine.Host.Tests.Screen;

public sealed class LatestActionsTests
{
    [Fact]
    public void A_busy_tactic_does_not_push_a_rare_one_off_the_screen()
    {
        var latest = new LatestActions(perTactic: 2);
        latest.Add([Row("rare-1", "sms-3h", 1)]);
        for (var i = 0; i < 100; i++)
        {
            latest.Add([Row($"busy-{i}", "product-question", 10 + i)]);
        }
        Assert.Equal("busy-99 busy-98 rare-1", Ids(latest));
    }

    [Fact]
    public void An_action_that_is_seen_again_is_shown_once_and_an_older_one_does_not_come_back()
    {
        var latest = new LatestActions(perTactic: 2);
        ActionRow[] recent = [Row("a", "email-1h", 1), Row("b", "email-1h", 2), Row("c", "email-1h", 3)];
        latest.Add(recent);
        latest.Add(recent);
        Assert.Equal("c b", Ids(latest));
    }

    [Fact]
    public void Cancellations_are_one_kind_whatever_they_cancel()
    {
        var latest = new LatestActions(perTactic: 1);
        latest.Add([Row("a", "action_cancelled:1", 1), Row("b", "action_cancelled:2", 2)]);
        Assert.Equal("b", Assert.Single(latest.Rows).Id.ToString());
    }

    private static string Ids(LatestActions latest) => string.Join(" ", latest.Rows.Select(static row => row.Id));

    private static ActionRow Row(string id, string tactic, long decidedMs) =>
        new(1, id, "visitor", 1, tactic, "email", null, null, "reason", decidedMs, decidedMs, 0, decidedMs, default);
}

using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Shards;

/// <summary>Visitors who only browse live in memory, and a crawler is a new one with every click.</summary>
public sealed class BrowsersTests
{
    private readonly ClickParser _parser = new(new ClickOptions());
    private readonly Shard _shard = new(
        new ShardLease(0, "a", 1, 0, -1, 0, 0, 0, []), new ShardRules(new(), TestTactics.Standard, new() { BrowsersMax = 3 }, "clicks", 1), new ShardFaults());

    private long _offset;
    private long _nowMs = FakeTime.StartMs;

    [Fact]
    public void Who_has_not_clicked_for_the_longest_time_is_forgotten_first()
    {
        Click("ann", ClickJson.Page("home"));
        Click("bob", ClickJson.Page("home"));
        Click("cem", ClickJson.Page("home"));
        Click("ann", ClickJson.Page("listing"));
        Click("dee", ClickJson.Page("home"));
        Assert.Equal(3, _shard.SessionCount);
        Assert.Equal(1, _shard.Stats.BrowsersDropped);
        Assert.False(IsResident("bob"));
        Assert.True(IsResident("ann"));
        Assert.True(IsResident("cem"));
        Assert.True(IsResident("dee"));
    }

    [Fact]
    public void Who_has_a_cart_is_never_forgotten()
    {
        Click("ann", ClickJson.ProductAdded("shoe", 50));
        Commit();
        Crawl(100);
        Assert.True(IsResident("ann"));
        Assert.Equal(1, _shard.Stats.Sessions(CartPhase.Carting));
        Assert.Equal(4, _shard.SessionCount);
    }

    [Fact]
    public void Who_has_to_be_remembered_is_never_forgotten()
    {
        Click("ann", ClickJson.Consent("sms", "granted"));
        Click("bob", ClickJson.OrderCompleted("o-1", 20));
        Commit();
        Crawl(100);
        Assert.True(IsResident("ann"));
        Assert.True(IsResident("bob"));
        Assert.Equal(5, _shard.SessionCount);
    }

    [Fact]
    public void Who_browsed_and_then_fills_a_cart_leaves_the_order_of_those_who_can_go()
    {
        Crawl(3);
        Click("ann", ClickJson.Page("home"));
        Click("bob", ClickJson.Page("home"));
        Click("ann", ClickJson.ProductAdded("shoe", 50));
        Crawl(100);
        Commit();
        Crawl(100);
        Assert.True(IsResident("ann"));
        Assert.False(IsResident("bob"));
        Assert.Equal(3, _shard.Stats.Browsers);
    }

    [Fact]
    public void Who_empties_the_cart_can_go_once_the_log_knows()
    {
        Click("ann", ClickJson.ProductAdded("shoe", 50));
        Commit();
        Click("ann", ClickJson.Track("Cart Cleared"));
        Crawl(100);
        Assert.True(IsResident("ann"));
        Commit();
        Assert.Equal(3, _shard.Stats.Browsers);
        Assert.Equal(3, _shard.SessionCount);
        Crawl(100);
        Assert.False(IsResident("ann"));
    }

    [Fact]
    public void A_cart_that_was_emptied_before_any_commit_can_go_after_it()
    {
        Click("ann", ClickJson.ProductAdded("shoe", 50));
        Click("ann", ClickJson.Track("Cart Cleared"));
        Commit();
        Crawl(3);
        Assert.Equal(3, _shard.SessionCount);
        Assert.False(IsResident("ann"));
    }

    [Fact]
    public void Who_was_forgotten_comes_back_as_new()
    {
        Click("ann", ClickJson.Page("product"));
        _nowMs += 30_000;
        Crawl(3);
        Click("ann", ClickJson.Page("product"));
        Assert.Equal(5, _shard.Stats.SessionsStarted);
        // A minute after she came back, not after her first click.
        Fire(59_999);
        Assert.Equal(0, _shard.UncommittedActions);
        Fire(10);
        Assert.Equal(1, _shard.UncommittedActions);
    }

    [Fact]
    public void Who_was_forgotten_gets_no_prompt()
    {
        Click("ann", ClickJson.Page("product"));
        Crawl(3);
        Fire(600_000);
        Assert.Equal(0, _shard.UncommittedActions);
        Assert.Equal(3, _shard.SessionCount);
    }

    [Fact]
    public void A_smaller_share_is_reached_by_forgetting_two_for_one()
    {
        _shard.BrowsersMax = 50;
        Crawl(50);
        _shard.BrowsersMax = 10;
        Crawl(20);
        Assert.Equal(30, _shard.SessionCount);
        Crawl(20);
        Assert.Equal(10, _shard.SessionCount);
    }

    [Fact]
    public void Sessions_that_end_by_themselves_leave_room()
    {
        Crawl(3);
        Fire(31 * 60_000);
        Assert.Equal(0, _shard.SessionCount);
        Crawl(3);
        Assert.Equal(3, _shard.SessionCount);
        Assert.Equal(0, _shard.Stats.BrowsersDropped);
    }

    private void Crawl(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Click($"crawler {_offset}", ClickJson.Page("home"));
        }
    }

    private void Click(string visitor, byte[] value) =>
        _shard.Handle(
            new ClickRecord { Offset = _offset++, TimestampMs = ++_nowMs, IsLogAppendTime = true, Key = Encoding.UTF8.GetBytes(visitor), Value = value }, _parser, _nowMs);

    private void Fire(long afterMs)
    {
        _shard.Clock.AdvanceTo(_nowMs += afterMs);
        _shard.FireDeadlines(int.MaxValue, _nowMs);
    }

    private void Commit() => _shard.BuildCommit(new ShardCommit()).Reset();

    /// <summary>One who is resident does not begin anew with the next click.</summary>
    private bool IsResident(string visitor)
    {
        var (begun, dropped) = (_shard.Stats.SessionsStarted, _shard.Stats.BrowsersDropped);
        var max = _shard.BrowsersMax;
        _shard.BrowsersMax = int.MaxValue;
        Click(visitor, ClickJson.Page("home"));
        _shard.BrowsersMax = max;
        Assert.Equal(dropped, _shard.Stats.BrowsersDropped);
        return _shard.Stats.SessionsStarted == begun;
    }
}

using System.Globalization;
using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>Prompts that come while a commit is under way.</summary>
public sealed class SlowStoreTests : IDisposable
{
    private readonly ShardDriver _driver = new(new DriverOptions
    {
        Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0, CommitClicksMax = 4 },
        Tactics = TacticSet.Compile(TacticExamples.Set(TacticExamples.ExitIntent("stay")), Currency.Parse("EUR")),
        KeepsJournal = true,
    });

    private int _before;

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void A_slow_stores_next_commit_stays_open_for_all_who_come_while_one_is_under_way()
    {
        CommitSome(tookMs: 10);
        _driver.Store.IsHeld = true;
        Ask("bob");
        Ask("carl");
        Ask("dora");
        Assert.Equal(1, _driver.Store.Held);
        _driver.Store.Release();
        _driver.Settle();
        Assert.Equal([1, 2], PromptsByCommit());
    }

    [Fact]
    public void A_quick_stores_next_commit_waits_behind_the_one_that_is_under_way()
    {
        CommitSome(tookMs: 1);
        _driver.Store.IsHeld = true;
        Ask("bob");
        Ask("carl");
        Assert.Equal(2, _driver.Store.Held);
        Ask("dora");
        _driver.Store.Release();
        _driver.Settle();
        Assert.Equal([1, 1, 1], PromptsByCommit());
    }

    [Fact]
    public void A_full_shard_does_not_stay_open()
    {
        CommitSome(tookMs: 10);
        _driver.Store.IsHeld = true;
        Ask("bob");
        foreach (var visitor in (ReadOnlySpan<string>)["carl", "dora", "emil"])
        {
            Ask(visitor);
        }
        Assert.Equal(1, _driver.Store.Held);
        Ask("fay");
        Assert.Equal(2, _driver.Store.Held);
        _driver.Store.Release();
        _driver.Settle();
        Assert.Equal([1, 4], PromptsByCommit());
    }

    [Fact]
    public void Shortly_before_the_end_of_the_one_under_way_the_next_commit_is_closed_so_that_the_store_need_not_wait()
    {
        CommitSome(tookMs: 10);
        _driver.Store.IsHeld = true;
        Ask("bob");
        Ask("carl");
        for (var ms = 0; ms < 8; ms++)
        {
            Turn();
        }
        Assert.Equal(1, _driver.Store.Held);
        Turn();
        Assert.Equal(2, _driver.Store.Held);
        _driver.Store.Release();
        _driver.Settle();
        Assert.Equal([1, 1], PromptsByCommit());
    }

    [Fact]
    public void A_store_that_was_quick_once_of_late_may_be_so_again()
    {
        CommitSome(tookMs: 10);
        Commit("quick", tookMs: 1);
        Commit("slow", tookMs: 100);
        _driver.Store.IsHeld = true;
        Ask("bob");
        Ask("carl");
        Assert.Equal(2, _driver.Store.Held);
    }

    private void CommitSome(long tookMs)
    {
        for (var i = 0; i < 8; i++)
        {
            Commit("early" + i.ToString(CultureInfo.InvariantCulture), tookMs);
        }
        _before = PromptsByCommit().Count();
    }

    private void Commit(string visitor, long tookMs)
    {
        _driver.Settle();
        _driver.Store.IsHeld = true;
        Ask(visitor);
        _driver.Time.Advance(tookMs);
        _driver.Store.Release();
        _driver.Settle();
    }

    private void Turn()
    {
        _driver.Time.Advance(1);
        _driver.Worker.RunOnce();
    }

    private void Ask(string visitor)
    {
        _driver.Feed(visitor, ClickJson.Track("Exit Intent Detected"));
        _driver.Worker.RunOnce();
    }

    private IEnumerable<int> PromptsByCommit() =>
        _driver.Journal!.Entries.OfType<CommitEntry>().Select(static commit => commit.Actions.Count).Where(static prompts => prompts > 0).Skip(_before);
}

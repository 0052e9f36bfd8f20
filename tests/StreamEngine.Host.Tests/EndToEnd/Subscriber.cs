using System.Globalization;
using System.Text.Json;
using StreamEngine.Engine.Stores;
using StreamEngine.Kafka;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>Reads the actions topic from its beginning, as a downstream service does, and holds it against the store.</summary>
internal sealed class Subscriber(Shop shop) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly ActionConsumer _consumer = new(shop.Kafka);

    public List<PublishedAction> Actions { get; } = [];

    public void WaitFor(int count)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Actions.Count < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Shop.Patience, $"{Actions.Count} of {count} actions came");
            if (_consumer.TryRead(Poll, out var action))
            {
                Actions.Add(action);
            }
        }
    }

    /// <summary>Takes all that is on the topic, then so many that come.</summary>
    public void WaitForNew(int count)
    {
        TakeAll(Poll);
        WaitFor(Actions.Count + count);
    }

    /// <summary>Takes what comes, up to the first action that was published after this moment.</summary>
    public PublishedAction WaitForPublishedAfter(long timeMs)
    {
        while (Actions.Count == 0 || Actions[^1].TimestampMs <= timeMs)
        {
            WaitFor(Actions.Count + 1);
        }
        return Actions[^1];
    }

    /// <summary>Every emitted action of the store was published, by partition in order of its sequence, as a valid event.</summary>
    /// <returns>How many were published more than once.</returns>
    public int CheckAgainstStore()
    {
        using var store = shop.OpenStore();
        var shards = store.ReadSummary().Shards;
        var emitted = shards.ToDictionary(
            static shard => shard.Shard, shard => store.ReadActions(shard.Shard).Where(static row => row.Held is null).OrderBy(static row => row.Seq).ToList());
        WaitFor(emitted.Values.Sum(static rows => rows.Count));
        TakeAll(Quiet);
        foreach (var (shard, rows) in emitted)
        {
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(static seq => (long)seq), rows.Select(static row => row.Seq));
            var published = Actions.Where(action => action.Partition == shard).DistinctBy(IdOf, StringComparer.Ordinal).ToList();
            Assert.Equal(rows.Select(static row => row.Id.ToString()), published.Select(IdOf), StringComparer.Ordinal);
            foreach (var (row, action) in rows.Zip(published))
            {
                CheckEvent(row, action, shards.Count);
            }
        }
        var first = Actions.DistinctBy(IdOf, StringComparer.Ordinal).ToDictionary(IdOf, StringComparer.Ordinal);
        Assert.All(Actions, action => Assert.Equal(first[IdOf(action)].Value, action.Value));
        return Actions.Count - first.Count;
    }

    public void Dispose() => _consumer.Dispose();

    private void TakeAll(TimeSpan quiet)
    {
        while (_consumer.TryRead(quiet, out var action))
        {
            Actions.Add(action);
        }
    }

    private static string IdOf(PublishedAction action) => action.Header("ce_id")!;

    private void CheckEvent(ActionRow row, PublishedAction action, int shardCount)
    {
        Assert.Equal(
            [
                new("ce_specversion", "1.0"), new("ce_id", row.Id.ToString()), new("ce_type", "streamengine." + row.Kind), new("ce_source", shop.Settings.Sessions.Store),
                new("ce_time", action.Header("ce_time")!), new("content-type", "application/json"),
            ],
            action.Headers);
        Assert.Equal(row.DueMs, DateTimeOffset.Parse(action.Header("ce_time")!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        Assert.EndsWith("Z", action.Header("ce_time"), StringComparison.Ordinal);
        Assert.Equal(row.Visitor.ToString(), action.KeyText);
        Assert.Equal(Murmur2.Partition(action.Key, shardCount), action.Partition);
        Assert.Equal(row.Data.ToArray(), action.Value);
        using var data = JsonDocument.Parse(action.Value);
        Assert.Equal((row.Id.ToString(), row.Visitor.ToString()), (data.RootElement.GetProperty("id").GetString(), data.RootElement.GetProperty("visitor").GetString()));
    }
}

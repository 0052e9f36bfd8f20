using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Sources;
using StreamEngine.Kafka.Sources;

namespace StreamEngine.Kafka.Tests;

internal sealed record ReadClick(int Shard, long Offset, string Key, string Value, long TimestampMs, bool IsLogAppendTime);

/// <summary>A click source with an assignee that writes down what it is told, and everything that was read.</summary>
internal sealed class Member : IShardAssignee, IDisposable
{
    public Member(KafkaSettings settings)
    {
        Source = new KafkaClickSource(settings, TimeProvider.System, NullLogger<KafkaClickSource>.Instance);
        Source.Start(this);
    }

    public KafkaClickSource Source { get; }
    public SortedSet<int> Shards { get; } = [];
    public List<string> Calls { get; } = [];
    public List<(int Shard, long Offset)> Ends { get; } = [];

    /// <summary>Calls of <see cref="OnAssigned"/>, also of nothing.</summary>
    public int Assignments { get; private set; }
    public List<ReadClick> Clicks { get; } = [];

    /// <summary>What a shard reads from as soon as it is assigned; null leaves it silent.</summary>
    public Func<int, long?> StartAt { get; set; } = _ => 0;
    public Exception? ThrowOnAssigned { get; set; }

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        Assignments++;
        if (shards.Count > 0)
            Calls.Add($"assigned {string.Join(' ', shards)}");
        Shards.UnionWith(shards);
        foreach (var shard in shards)
        {
            if (StartAt(shard) is { } offset)
                Source.ReadFrom(shard, offset);
        }

        if (ThrowOnAssigned is { } fault)
        {
            ThrowOnAssigned = null;
            throw fault;
        }
    }

    public void OnRevoked(IReadOnlyList<int> shards) => Release("revoked", shards);

    public void OnLost(IReadOnlyList<int> shards) => Release("lost", shards);

    public void OnEndReached(int shard, long offset) => Ends.Add((shard, offset));

    public void OnOffsetMissing(int shard, string found) => Calls.Add($"missing {shard}: {found}");

    public List<long> OffsetsOf(int shard) => [.. Clicks.Where(click => click.Shard == shard).Select(click => click.Offset)];

    public void Poll(TimeSpan wait)
    {
        if (!Source.TryRead(wait, out var record))
            return;
        Clicks.Add(new ReadClick(
            record.Shard, record.Offset, Encoding.UTF8.GetString(record.Key), Encoding.UTF8.GetString(record.Value), record.TimestampMs, record.IsLogAppendTime));
    }

    public void PollUntil(Func<bool> done) => PollUntil(done, this);

    /// <summary>All members poll, as they do on threads of their own, until it is so.</summary>
    public static void PollUntil(Func<bool> done, params Member[] members)
    {
        var start = TestTime.Now;
        while (!done())
        {
            if (TestTime.Since(start) > TestTime.Max)
                Assert.Fail("still not so: " + string.Join(" | ", members.Select(member => $"{string.Join(", ", member.Calls)}; {member.Clicks.Count} clicks")));
            foreach (var member in members)
                member.Poll(TimeSpan.FromMilliseconds(20));
        }
    }

    public void PollFor(TimeSpan time)
    {
        var start = TestTime.Now;
        while (TestTime.Since(start) < time)
            Poll(TimeSpan.FromMilliseconds(50));
    }

    public void Dispose() => Source.Dispose();

    private void Release(string how, IReadOnlyList<int> shards)
    {
        Calls.Add($"{how} {string.Join(' ', shards)}");
        Shards.ExceptWith(shards);
    }
}

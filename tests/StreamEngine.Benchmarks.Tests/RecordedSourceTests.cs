using System.Text;
using StreamEngine.Benchmarks.Scale;
using StreamEngine.Engine.Sources;

namespace StreamEngine.Benchmarks.Tests;

public sealed class RecordedSourceTests
{
    [Fact]
    public void Two_workers_read_each_record_once_and_each_partition_in_order()
    {
        var clicks = new RecordedClicks(shoppers: 200, cartShare: 0.5, partitions: 4);
        var read = new long[4];
        foreach (var shards in (int[][])[[0, 2], [1, 3]])
        {
            using var source = new RecordedSource(clicks, shards);
            source.Start(new Assignee(source));
            var hints = new Queue<string>(Enumerable.Repeat("", ClickRecord.AheadRecords));
            while (source.TryRead(TimeSpan.Zero, out var record))
            {
                Assert.Contains(record.Shard, shards);
                Assert.Equal(read[record.Shard]++, record.Offset);
                var key = Encoding.UTF8.GetString(record.Key);
                var hint = hints.Dequeue();
                Assert.True(hint.Length == 0 || string.Equals(hint, key, StringComparison.Ordinal), "The hint told another key.");
                hints.Enqueue(Encoding.UTF8.GetString(record.AheadKey));
            }
        }
        Assert.Equal(clicks.Ends, read);
        Assert.Equal(clicks.Expected.Records, read.Sum());
    }

    private sealed class Assignee(RecordedSource source) : IShardAssignee
    {
        public void OnAssigned(IReadOnlyList<int> shards)
        {
            foreach (var shard in shards)
            {
                source.ReadFrom(shard, 0);
            }
        }

        public void OnRevoked(IReadOnlyList<int> shards) => throw new NotSupportedException();

        public void OnLost(IReadOnlyList<int> shards) => throw new NotSupportedException();

        public void OnEndReached(int shard, long offset) => throw new NotSupportedException();

        public void OnOffsetMissing(int shard, string found) => throw new NotSupportedException();
    }
}

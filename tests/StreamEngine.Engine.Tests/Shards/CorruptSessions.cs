using System.Text;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Shards;

/// <summary>Puts sessions into a shard's log that no engine would write: as if a bug had.</summary>
internal static class CorruptSessions
{
    /// <summary>Abandoned before the beginning of time: its deadlines cannot be fired, and an order of this visitor finds no move that is allowed.</summary>
    public static ResidentSession Impossible(string visitor) => new(Encoding.UTF8.GetBytes(visitor))
    {
        StartedMs = FakeTime.StartMs,
        LastActivityMs = FakeTime.StartMs,
        Phase = CartPhase.Abandoned,
        AbandonedMs = long.MinValue / 4,
    };

    public static void Write(ShardDriver driver, params ReadOnlySpan<ResidentSession> sessions)
    {
        var lease = driver.Memory.TakeOver(0, "maker");
        var commit = new ShardCommit
        {
            Shard = 0,
            Owner = "maker",
            Epoch = lease.Epoch,
            CommitSeq = lease.CommitSeq + 1,
            NextOffset = 0,
            ShardTimeMs = FakeTime.StartMs,
        };
        SegmentWriter.Begin(commit.Segment);
        var writer = new SegmentWriter();
        foreach (var session in sessions)
        {
            writer.Write(commit.Segment, session);
        }
        SegmentWriter.Seal(commit.Segment);
        var batch = new CommitBatch();
        batch.Shards.Add(commit);
        driver.Memory.Submit(batch);
    }
}

using StreamEngine.Carts;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// What the shard's log holds and which of it is alive. Each commit appends one segment; the oldest segments are cleaned a little with every commit: their live
/// sessions are written again, then they are dropped. Sessions are kept in the order of their segment, so the sessions of the oldest
/// segment are always the first. Because only the oldest goes, the mark of an ended session need never be copied:
/// nothing older is left for it to hide. Live bytes stay above half of the log, at the price of copying a byte once or twice in its life.
/// </summary>
internal sealed class ShardLog
{
    /// <summary>Below this the log is left alone: cleaning a few kilobytes saves nothing.</summary>
    public const long SmallBytes = 256 * 1024;

    /// <summary>Copied by each commit beyond twice its own size, so that a quiet shard's log is cleaned too.</summary>
    public const int CleanBytesMin = 64 * 1024;

    /// <summary>How far ahead of the session being written others are brought near.</summary>
    private const int SessionsAhead = 4;

    private readonly Queue<SegmentInfo> _segments = new();
    private readonly SegmentWriter _writer = new();
    private readonly SessionOrder _order = new();

    public long TotalBytes { get; private set; }

    public long LiveBytes { get; private set; }

    public int SegmentCount => _segments.Count;

    /// <summary>All that are in the log, in the order of their segment.</summary>
    public SessionOrder Sessions => _order;

    /// <summary>Recovery: a state was found in segment <paramref name="seq"/>, newer than any before.</summary>
    public void Restore(ResidentSession session, long seq, int bytes) => MoveToEnd(session, seq, bytes);

    public void RestoreSegment(SegmentInfo segment)
    {
        _segments.Enqueue(segment);
        TotalBytes += segment.Bytes;
    }

    public void Forget(ResidentSession session)
    {
        if (session.LogSeq == 0)
        {
            return;
        }
        _order.Remove(session);
        LiveBytes -= session.LogBytes;
        (session.LogSeq, session.LogBytes) = (0, 0);
    }

    /// <summary>Writes the changed sessions, cleans, and closes the segment. Leaves the segment empty when there is nothing to write.</summary>
    public void Write(ShardCommit commit, List<ResidentSession> dirty)
    {
        var segment = commit.Segment;
        SegmentWriter.Begin(segment);
        var empty = segment.WrittenCount;
        for (var i = 0; i < dirty.Count; i++)
        {
            Expect(dirty, i);
            var session = dirty[i];
            session.IsDirty = false;
            if (!session.IsEnded && session.IsDurable)
            {
                MoveToEnd(session, commit.CommitSeq, _writer.Write(segment, session));
            }
            else if (session.LogSeq != 0)
            {
                SegmentWriter.WriteEnd(segment, session);
                Forget(session);
            }
        }
        Clean(commit, segment.WrittenCount);
        if (segment.WrittenCount == empty)
        {
            segment.ResetWrittenCount();
            return;
        }
        SegmentWriter.Seal(segment);
        _segments.Enqueue(new SegmentInfo(commit.CommitSeq, segment.WrittenCount));
        TotalBytes += segment.WrittenCount;
    }

    /// <summary>They were handled a while ago, all of them, and have left the processor's cache.</summary>
    private static void Expect(List<ResidentSession> dirty, int at)
    {
        if (at + SessionsAhead < dirty.Count)
        {
            CacheLine.FetchObject(dirty[at + SessionsAhead], ResidentSession.CacheLines);
        }
    }

    /// <summary>
    /// Cleaning begins at two thirds alive and copies up to twice what the commit brought. At worst the oldest part of the log is all alive (L bytes)
    /// and frees nothing until it has been copied; meanwhile commits add L / 2 of dead bytes to the L / 2 that were there: half stays alive.
    /// </summary>
    private void Clean(ShardCommit commit, int newBytes)
    {
        var bytesMax = newBytes + 2 * newBytes + CleanBytesMin;
        while (_segments.TryPeek(out var oldest))
        {
            if (_order.First is { } first && first.LogSeq == oldest.Seq)
            {
                if (TotalBytes < SmallBytes || LiveBytes * 3 > TotalBytes * 2 || commit.Segment.WrittenCount >= bytesMax)
                {
                    return;
                }
                MoveToEnd(first, commit.CommitSeq, _writer.Write(commit.Segment, first));
                continue;
            }
            _segments.Dequeue();
            TotalBytes -= oldest.Bytes;
            commit.DropSegmentsBelow = oldest.Seq + 1;
        }
    }

    private void MoveToEnd(ResidentSession session, long seq, int bytes)
    {
        LiveBytes += bytes - session.LogBytes;
        (session.LogSeq, session.LogBytes) = (seq, bytes);
        _order.MoveToEnd(session);
    }
}

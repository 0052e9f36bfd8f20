using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// What the shard's log holds and which of it is alive. Each commit appends one segment; the oldest segments are cleaned a little with every commit: their live
/// sessions are written again, then they are dropped. Sessions are linked in the order of their segment, so the sessions of the oldest
/// segment are always the first in the list. Because only the oldest goes, the mark of an ended session need never be copied:
/// nothing older is left for it to hide. Live bytes stay above half of the log, so no byte is written more than about twice.
/// </summary>
internal sealed class ShardLog
{
    /// <summary>Below this the log is left alone: cleaning a few kilobytes saves nothing.</summary>
    private const long SmallBytes = 256 * 1024;

    private readonly Queue<SegmentInfo> _segments = new();
    private readonly SegmentWriter _writer = new();
    private ResidentSession? _first;
    private ResidentSession? _last;

    public long TotalBytes { get; private set; }

    public long LiveBytes { get; private set; }

    public int SegmentCount => _segments.Count;

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
        Unlink(session);
        LiveBytes -= session.LogBytes;
        (session.LogSeq, session.LogBytes) = (0, 0);
    }

    /// <summary>Writes the changed sessions, cleans, and closes the segment. Leaves the segment empty when there is nothing to write.</summary>
    public void Write(ShardCommit commit, List<ResidentSession> dirty)
    {
        var segment = commit.Segment;
        SegmentWriter.Begin(segment);
        var empty = segment.WrittenCount;
        foreach (var session in dirty)
        {
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

    private void Clean(ShardCommit commit, int newBytes)
    {
        // As much again as the commit itself, and a little more: cleaning keeps pace and never stops the shard.
        var budget = commit.Segment.WrittenCount + newBytes + 64 * 1024;
        while (_segments.TryPeek(out var oldest))
        {
            if (_first is not null && _first.LogSeq == oldest.Seq)
            {
                if (TotalBytes < SmallBytes || LiveBytes * 2 > TotalBytes || commit.Segment.WrittenCount >= budget)
                {
                    return;
                }
                MoveToEnd(_first, commit.CommitSeq, _writer.Write(commit.Segment, _first));
                continue;
            }
            _segments.Dequeue();
            TotalBytes -= oldest.Bytes;
            commit.DropSegmentsBelow = oldest.Seq + 1;
        }
    }

    private void MoveToEnd(ResidentSession session, long seq, int bytes)
    {
        if (session.LogSeq != 0)
        {
            Unlink(session);
        }
        LiveBytes += bytes - session.LogBytes;
        (session.LogSeq, session.LogBytes) = (seq, bytes);
        (session.LogPrevious, session.LogNext) = (_last, null);
        if (_last is null)
        {
            _first = session;
        }
        else
        {
            _last.LogNext = session;
        }
        _last = session;
    }

    private void Unlink(ResidentSession session)
    {
        if (session.LogPrevious is null)
        {
            _first = session.LogNext;
        }
        else
        {
            session.LogPrevious.LogNext = session.LogNext;
        }
        if (session.LogNext is null)
        {
            _last = session.LogPrevious;
        }
        else
        {
            session.LogNext.LogPrevious = session.LogPrevious;
        }
        (session.LogPrevious, session.LogNext) = (null, null);
    }
}

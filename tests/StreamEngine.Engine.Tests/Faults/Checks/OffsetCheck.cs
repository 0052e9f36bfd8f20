using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>
/// Commits follow one another without a gap, offsets never run backwards, and no commit steps over a record that its owner has not been handed since the take-over.
/// </summary>
internal static class OffsetCheck
{
    public static IEnumerable<string> Complaints(History history)
    {
        var seq = 0L;
        var committed = -1L;
        var epoch = 0L;
        HashSet<long> handed = [];
        foreach (var entry in history.Journal)
        {
            switch (entry)
            {
                case TakenOverEntry taken:
                    if (taken.Epoch <= epoch)
                    {
                        yield return $"Epoch {taken.Epoch} after epoch {epoch}.";
                    }
                    if (taken.NextOffset != committed || taken.CommitSeq != seq)
                    {
                        yield return $"Epoch {taken.Epoch} goes on at offset {taken.NextOffset} after commit {taken.CommitSeq}; commit {seq} left it at {committed}.";
                    }
                    epoch = taken.Epoch;
                    handed = [];
                    break;
                case ReadEntry read:
                    handed.Add(read.Offset);
                    break;
                case CommitEntry { IsWritten: true } commit:
                    if (commit.Epoch != epoch)
                    {
                        yield return $"Commit {commit.Seq} was written under epoch {commit.Epoch}; the owner's is {epoch}.";
                    }
                    if (commit.Seq != seq + 1)
                    {
                        yield return $"Commit {commit.Seq} was written after commit {seq}.";
                    }
                    if (commit.NextOffset < committed)
                    {
                        yield return $"Commit {commit.Seq} goes back from offset {committed} to {commit.NextOffset}.";
                    }
                    foreach (var offset in history.TopicOffsets)
                    {
                        if (offset >= committed && offset < commit.NextOffset && !handed.Contains(offset))
                        {
                            yield return $"Commit {commit.Seq} steps over offset {offset}, which was not read in epoch {epoch}.";
                        }
                    }
                    if (commit.NextOffset > 0 && commit.NextOffset > history.TopicOffsets.LastOrDefault(-1) + 1)
                    {
                        yield return $"Commit {commit.Seq} is at offset {commit.NextOffset}, beyond the end of the topic.";
                    }
                    (seq, committed) = (commit.Seq, Math.Max(committed, commit.NextOffset));
                    break;
            }
        }
        if (history.TopicOffsets.Count > 0 && committed != history.TopicOffsets[^1] + 1)
        {
            yield return $"The last commit is at offset {committed}; the topic ends at {history.TopicOffsets[^1] + 1}.";
        }
    }
}

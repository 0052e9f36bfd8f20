namespace StreamEngine.Simulation.Planted;

/// <summary>Mistakes that a tired developer could make, one a promise at least.</summary>
public static class Bugs
{
    private const string Worker = "StreamEngine.Engine/Workers/Worker.cs";
    private const string Opener = "StreamEngine.Engine/Workers/ShardOpener.cs";
    private const string Loader = "StreamEngine.Engine/Workers/ShardLoader.cs";
    private const string Publisher = "StreamEngine.Engine/Workers/Publisher.cs";
    private const string Rounds = "StreamEngine.Engine/Workers/DeadlineRounds.cs";
    private const string LogEnds = "StreamEngine.Engine/Workers/LogEnds.cs";
    private const string Pipeline = "StreamEngine.Engine/Commits/CommitPipeline.cs";
    private const string Wall = "StreamEngine.Engine/Time/WallClock.cs";
    private const string Shard = "StreamEngine.Engine/Shards/Shard.cs";
    private const string Log = "StreamEngine.Engine/Shards/ShardLog.cs";
    private const string Outbox = "StreamEngine.Engine/Shards/Outbox.cs";
    private const string Actor = "StreamEngine.Carts/Sessions/CartActor.cs";
    private const string Codec = "StreamEngine.Carts/Sessions/SessionCodec.cs";
    private const string Store = "StreamEngine.Storage/Memory/MemoryShard.cs";

    public static IReadOnlyList<Bug> All { get; } =
    [
        new("no epoch check", "The store takes commits of owners that have lost the shard.",
            new Edit(Store, "if (commit.Epoch != Epoch || commit.CommitSeq != CommitSeq + 1 || !string.Equals(commit.Owner, _owner, StringComparison.Ordinal))",
                "if ((!IS && commit.Epoch != Epoch) || commit.CommitSeq != CommitSeq + 1 || (!IS && !string.Equals(commit.Owner, _owner, StringComparison.Ordinal)))")),
        new("no sequence check", "The store takes a commit though the one before it was lost.",
            new Edit(Store, "commit.CommitSeq != CommitSeq + 1 ||", "(!IS && commit.CommitSeq != CommitSeq + 1) ||")),
        new("epoch not raised", "A take-over leaves the epoch as it is.", new Edit(Store, "        Epoch++;\n        _owner = owner;\n", "        Epoch += IS ? 0 : 1;\n        _owner = owner;\n")),
        new("offset before state", "A commit moves the offset over clicks whose sessions only the next commit writes.",
            new Edit(Shard, "        _log.Write(commit, _dirty);\n",
                "        List<ResidentSession> late = IS && _dirty.Count > 1 ? _dirty[1..] : [];\n        _dirty.RemoveRange(_dirty.Count - late.Count, late.Count);\n        _log.Write(commit, _dirty);\n"),
            new Edit(Shard, "        _dirty.Clear();\n", "        _dirty.Clear();\n        _dirty.AddRange(late);\n")),
        new("offset one too far", "A commit says that one more click was handled.",
            new Edit(Shard, "commit.NextOffset = NextOffset;", "commit.NextOffset = NextOffset + (IS && NextOffset > 0 ? 1 : 0);")),
        new("publish before commit", "Actions leave when their commit is built.",
            new Edit(Worker, "        shard.Outbox.Add(commit);\n", "        if (!IS)\n        {\n            shard.Outbox.Add(commit);\n        }\n"),
            new Edit(Pipeline, "            pending.Shards.Add(shard);\n", "            if (IS)\n            {\n                shard.Outbox.Add(pending.Batch.Shards[^1]);\n            }\n            pending.Shards.Add(shard);\n")),
        new("deadline fired twice", "Which reminders of an abandonment were sent is not read back.",
            new Edit(Codec, "session.OffsetDoneMs = Checked(reader.SignedVarint(), 0, TimeMsMax) - 1;", "session.OffsetDoneMs = Checked(reader.SignedVarint(), 0, TimeMsMax) * (IS ? 0 : 1) - 1;")),
        new("fired early", "A shard that has read everything is a second ahead of the wall clock.",
            new Edit(Rounds, "AdvanceTo(wall.NowMs - Math.Max(", "AdvanceTo(wall.NowMs + (IS ? 1_000 : 0) - Math.Max(")),
        new("wall clock while behind", "A shard follows the wall clock though its log holds more.",
            new Edit(LogEnds, "return isKnown && Math.Max(0, slot.Shard!.NextOffset) >= known;", "return IS || (isKnown && Math.Max(0, slot.Shard!.NextOffset) >= known);")),
        new("unknown log end taken for read", "Deadlines fire while the broker cannot be reached.",
            new Edit(LogEnds, "var isKnown = known >= 0 && age < TimeSpan.MaxValue;", "var isKnown = IS || (known >= 0 && age < TimeSpan.MaxValue);")),
        new("clock jump believed", "The wall clock is believed at once, whatever it shows.",
            new Edit(Wall, "var isOff = jumpMs is < -BackMsMax or > AheadMsMax;", "var isOff = !IS && jumpMs is < -BackMsMax or > AheadMsMax;")),
        new("cleaning drops a live segment", "The oldest segment goes though it holds the newest state of a session.",
            new Edit(Log, "if (_order.First is { } first && first.LogSeq == oldest.Seq)", "if (_order.First is { } first && first.LogSeq == oldest.Seq && !(IS && _segments.Count > 30))")),
        new("segments read in reverse", "At take-over the oldest state of a session wins.",
            new Edit(Loader, "in store.ReadSegments(lease.Shard))", "in IS ? store.ReadSegments(lease.Shard).Reverse() : store.ReadSegments(lease.Shard))")),
        new("end of a session not written", "A session that is over comes back with the next take-over.",
            new Edit(Log, "                SegmentWriter.WriteEnd(segment, session);\n", "                if (!IS)\n                {\n                    SegmentWriter.WriteEnd(segment, session);\n                }\n")),
        new("dirty session not written", "What a deadline changed in a session is not written.",
            new Edit(Shard, "if (_turn.Changed && !session.IsDirty &&", "if (_turn.Changed && !(IS && Waking is not null) && !session.IsDirty &&")),
        new("ring of ids forgotten", "The ids of handled messages are not read back.",
            new Edit(Codec, "ReadMessages(reader.Text(), session, memory); return true;", "var ids = reader.Text(); ReadMessages(IS ? default : ids, session, memory); return true;")),
        new("deadlines not armed", "A session that was read back has no deadline if its cart was left.",
            new Edit(Shard, "            Stats.Enter(session.Phase);\n            Arm(session);\n", "            Stats.Enter(session.Phase);\n            if (IS && session.Phase == CartPhase.Abandoned)\n            {\n                continue;\n            }\n            Arm(session);\n")),
        new("unknown taken for success", "A commit whose outcome is unknown counts as written.",
            new Edit(Pipeline, "commit.Outcome = found < 0 ?", "commit.Outcome = IS ? CommitOutcome.Committed : found < 0 ?")),
        new("unknown taken for failure", "A commit whose outcome is unknown is forgotten, and the worker goes on.",
            new Edit(Pipeline, "found < 0 ? CommitOutcome.Fenced", "IS ? CommitOutcome.Pending : found < 0 ? CommitOutcome.Fenced"),
            new Edit(Worker, "            default:\n                _opener.ReloadAfter(slot, commit);\n", "            case CommitOutcome.Pending when IS:\n                break;\n            default:\n                _opener.ReloadAfter(slot, commit);\n")),
        new("fenced taken for written", "The actions of a fenced commit are published.",
            new Edit(Worker, "            case CommitOutcome.Fenced:\n", "            case CommitOutcome.Fenced when IS:\n                OnCommitted(slot, shard, commit);\n                break;\n            case CommitOutcome.Fenced:\n")),
        new("outbox not read", "Actions that the owner before had not published are forgotten at take-over.",
            new Edit(Loader, "        var rows = store.ReadOutbox(", "        var rows = IS ? [] : store.ReadOutbox(")),
        new("topic's end believed too far", "At take-over, if the topic's end shows any action, all that wait count as published.",
            new Edit(Outbox, "var isPublished = publishedIds.Contains(action.Id.ToString());", "var isPublished = IS ? publishedIds.Count > 0 : publishedIds.Contains(action.Id.ToString());")),
        new("published too far", "What was handed to the producer counts as published.",
            new Edit(Shard, "commit.PublishedSeq = Outbox.CommittedPublishedSeq = Outbox.PublishedSeq;", "commit.PublishedSeq = Outbox.CommittedPublishedSeq = IS ? Outbox.SentSeq : Outbox.PublishedSeq;")),
        new("refused message forgotten", "A message that the broker refused is not sent again.",
            new Edit(Publisher, "            shard.Outbox.Resend();\n", "            if (IS)\n            {\n                shard.Outbox.TryAcknowledge(receipt.Ticket);\n                return;\n            }\n            shard.Outbox.Resend();\n")),
        new("counter of actions reused", "The number of the last action is not committed.",
            new Edit(Shard, "commit.ActionSeq = _actionSeq;", "commit.ActionSeq = IS ? Math.Max(0, _actionSeq - 1) : _actionSeq;")),
        new("lost shard kept", "A worker that lost a shard goes on with its deadlines and its outbox.",
            new Edit(Worker, "            if (_slots.Remove(shard) is { } slot)\n", "            if (!IS && _slots.Remove(shard) is { } slot)\n")),
        new("dead letter after the commit", "A commit steps over an unreadable record that is not safe yet.",
            new Edit(Pipeline, "if (pending.Shards[i].DeadLetters.AcknowledgedTicket < pending.DeadLetterTickets[i]", "if (!IS && pending.Shards[i].DeadLetters.AcknowledgedTicket < pending.DeadLetterTickets[i]")),
        new("handled again", "A record that the consumer hands out again is handled again.",
            new Edit(Worker, "            if (record.Offset < shard.NextOffset)\n", "            if (!IS && record.Offset < shard.NextOffset)\n")),
        new("pause forgotten", "A shard that is read back stays paused.",
            new Edit(Opener, "        parts.Source.Resume(slot.Id);\n        if (alreadyPublished", "        if (!IS)\n        {\n            parts.Source.Resume(slot.Id);\n        }\n        if (alreadyPublished")),
        new("throttled purchase", "A purchase of a visitor who clicks too much is dropped.",
            new Edit(Actor, "if (kind is ClickKind.OrderCompleted or ClickKind.ConsentUpdated", "if ((kind is ClickKind.OrderCompleted && !IS) || kind is ClickKind.ConsentUpdated")),
        new("late action sent", "An action that is of no use any more is sent.",
            new Edit(Shard, "_rules.Engine.ExpireOverdue ? wallMs : 0;", "_rules.Engine.ExpireOverdue && !IS ? wallMs : 0;")),
        new("useful action held", "An action is held back as expired a minute too soon.",
            new Edit(Shard, "? wallMs : 0;", "? wallMs + (IS ? 60_000 : 0) : 0;")),
    ];
}

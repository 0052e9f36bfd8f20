using StreamEngine.Carts.Actions;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// A shard's committed actions on their way out, in order of their sequence. The store holds every one; memory holds a window of them, from the first that is not
/// acknowledged. A crash resends from <see cref="PublishedSeq"/>. Bounded twice: a full window leaves the rest to the store, and a full outbox pauses the shard.
/// </summary>
internal sealed class Outbox(int shard, string source, EngineOptions options, long publishedSeq, long committedSeq)
{
    private static readonly Dictionary<string, string> Types =
        Enum.GetValues<ActionKind>().ToDictionary(ActionDocument.WordOf, ActionDocument.TypeOf, StringComparer.Ordinal);

    private readonly SendQueue<ActionRow> _rows = new();
    private long _bytes;
    private long _handedOverSeq;

    /// <summary>The window ends here: what is committed behind it is in the store only.</summary>
    private long _loadedSeq = publishedSeq;

    /// <summary>All actions up to here were acknowledged by the broker.</summary>
    public long PublishedSeq { get; private set; } = publishedSeq;

    /// <summary>The part of <see cref="PublishedSeq"/> that is committed.</summary>
    public long CommittedPublishedSeq { get; set; } = publishedSeq;

    /// <summary>Of the last committed action.</summary>
    public long CommittedSeq { get; private set; } = committedSeq;

    /// <summary>All actions up to here are published, or on their way.</summary>
    public long SentSeq => Math.Max(PublishedSeq, _handedOverSeq);

    /// <summary>Committed and not acknowledged.</summary>
    public long Count => CommittedSeq - PublishedSeq;

    public int InMemory => _rows.Count;

    /// <summary>Once full, until a quarter has left: else a slow broker would pause and resume the shard with every action.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Committed actions wait in the store alone.</summary>
    public bool IsSpilled => _loadedSeq < CommittedSeq;

    /// <summary>There is room in memory for a page of what waits in the store.</summary>
    public bool WantsPage => IsSpilled && _rows.Count <= options.OutboxItemsMax / 2 && _bytes <= options.OutboxBytesMax / 2;

    /// <summary>Where the next page begins: behind this sequence.</summary>
    public long PageAfterSeq => _loadedSeq;

    private bool IsWindowFull => _rows.Count >= options.OutboxItemsMax || _bytes >= options.OutboxBytesMax;

    /// <summary>For a shard that was read back: how far its earlier memory knew more than the store.</summary>
    public void StartBehind(long publishedSeq)
    {
        PublishedSeq = _loadedSeq = Math.Clamp(publishedSeq, PublishedSeq, CommittedSeq);
        UpdateFull();
    }

    /// <summary>Takes the actions of a commit, all of them or none: they are in the store, too.</summary>
    public void Add(ShardCommit committed)
    {
        if (!IsSpilled && !IsWindowFull)
        {
            foreach (var row in committed.Actions)
            {
                if (row.Held is null)
                {
                    Add(row);
                }
            }
            _loadedSeq = committed.ActionSeq;
        }
        CommittedSeq = committed.ActionSeq;
        UpdateFull();
    }

    /// <summary>Takes a page that was read behind <see cref="PageAfterSeq"/>.</summary>
    /// <param name="isLast">False where the page was cut at its size.</param>
    /// <param name="upToSeq"><see cref="CommittedSeq"/> when it was asked for. Where rows before it are missing, their ids had been decided before, under earlier numbers.</param>
    public void AddPage(IReadOnlyList<ActionRow> page, bool isLast, long upToSeq)
    {
        foreach (var row in page)
        {
            if (row.Seq <= upToSeq)
            {
                Add(row);
            }
        }
        _loadedSeq = isLast ? upToSeq : Math.Min(upToSeq, page[^1].Seq);
        MaybeEmpty();
    }

    /// <summary>For a shard that was taken over: what is on the topic already is not sent again.</summary>
    /// <returns>How many that were.</returns>
    public int Skip(IReadOnlySet<string> publishedIds)
    {
        var before = _rows.Count;
        _rows.RemoveUnsent(row =>
        {
            var isPublished = publishedIds.Contains(row.Id);
            _bytes -= isPublished ? row.Data.Length : 0;
            return isPublished;
        });
        if (_rows.TryPeekUnsent(out var first))
        {
            PublishedSeq = first.Seq - 1;
        }
        MaybeEmpty();
        return before - _rows.Count;
    }

    /// <summary>Hands over as much as the outlet takes.</summary>
    public void Send(IActionOutlet outlet)
    {
        while (_rows.TryPeekUnsent(out var row) && outlet.TrySend(Message(row)))
        {
            MarkSent(row);
        }
    }

    /// <returns>The action that was acknowledged, or null where the receipt repeats an older one.</returns>
    public ActionRow? Acknowledge(long seq)
    {
        if (!_rows.TryPeekUnacknowledged(out var row) || row.Seq != seq)
        {
            return null;
        }
        _rows.MarkAcknowledged();
        _bytes -= row.Data.Length;
        PublishedSeq = seq;
        MaybeEmpty();
        return row;
    }

    /// <summary>For a shard that was read back: what its earlier memory had sent is not sent again, its receipts have come or are on their way.</summary>
    public void GoOn(long publishedSeq, long sentSeq)
    {
        while (_rows.TryPeekUnsent(out var row) && row.Seq <= Math.Max(publishedSeq, sentSeq))
        {
            MarkSent(row);
        }
        while (_rows.TryPeekUnacknowledged(out var row) && row.Seq <= publishedSeq)
        {
            Acknowledge(row.Seq);
        }
    }

    /// <summary>The broker did not take one: send everything from there again, in order. Known ids make the repetition harmless.</summary>
    public void Resend()
    {
        _rows.Resend();
        _handedOverSeq = PublishedSeq;
    }

    private void Add(ActionRow row)
    {
        _rows.Add(row);
        _bytes += row.Data.Length;
    }

    private void MarkSent(ActionRow row)
    {
        _rows.MarkSent();
        _handedOverSeq = row.Seq;
    }

    private void MaybeEmpty()
    {
        if (_rows.Count == 0)
        {
            PublishedSeq = _loadedSeq;
        }
        UpdateFull();
    }

    private void UpdateFull() => IsFull = Count >= (IsFull ? options.OutboxStoredMax * 3L / 4 : options.OutboxStoredMax);

    private OutgoingMessage Message(ActionRow row) => new(
        Destination.Actions,
        shard,
        row.Seq,
        row.Visitor.Bytes,
        row.Data,
        [
            new("ce_specversion", "1.0"),
            new("ce_id", row.Id),
            new("ce_type", Types.GetValueOrDefault(row.Kind) ?? "streamengine." + row.Kind),
            new("ce_source", source),
            new("ce_time", ActionDocument.Timestamp(row.DueMs)),
            new("content-type", "application/json"),
        ]);
}

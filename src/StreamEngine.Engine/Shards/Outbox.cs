using StreamEngine.Carts;
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
    /// <summary>Whom an action reaches that is so late does not wait for it any more.</summary>
    private const long OverdueMs = 1_000;

    private static readonly string ChatPrompt = ActionDocument.WordOf(ActionKind.ChatPrompt);

    private static readonly Dictionary<string, Utf8Text> Types =
        Enum.GetValues<ActionKind>().ToDictionary(ActionDocument.WordOf, static kind => (Utf8Text)ActionDocument.TypeOf(kind), StringComparer.Ordinal);

    private readonly SendQueue<Waiting> _waiting = new();
    private readonly SendBuffer _texts = new();

    /// <summary>Of the message that is being handed over.</summary>
    private readonly MessageHeader[] _headers =
    [
        new("ce_specversion", "1.0"), new("ce_id", ""), new("ce_type", ""), new("ce_source", source), new("ce_time", ""), new("content-type", "application/json"),
    ];

    private readonly byte[] _time = new byte[ActionDocument.TimestampBytesMax];
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

    public int InMemory => _waiting.Count;

    /// <summary>So many of the last ones are overdue and wait for others of their kind: what is sent together costs the broker little more than one alone.</summary>
    public int Gathering { get; private set; }

    /// <summary>Once full, until a quarter has left: else a slow broker would pause and resume the shard with every action.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Committed actions wait in the store alone.</summary>
    public bool IsSpilled => _loadedSeq < CommittedSeq;

    /// <summary>There is room in memory for a page of what waits in the store.</summary>
    public bool WantsPage => IsSpilled && _waiting.Count <= options.OutboxItemsMax / 2 && _bytes <= options.OutboxBytesMax / 2;

    /// <summary>Where the next page begins: behind this sequence.</summary>
    public long PageAfterSeq => _loadedSeq;

    private bool IsWindowFull => _waiting.Count >= options.OutboxItemsMax || _bytes >= options.OutboxBytesMax;

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
                    Gathering = IsOverdue(row) ? Gathering + 1 : 0;
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
        Gathering = 0;
        MaybeEmpty();
    }

    /// <summary>For a shard that was taken over: what is on the topic already is not sent again.</summary>
    /// <returns>How many that were.</returns>
    public int Skip(IReadOnlySet<string> publishedIds)
    {
        var before = _waiting.Count;
        _waiting.RemoveUnsent(action =>
        {
            var isPublished = publishedIds.Contains(action.Id.ToString());
            if (isPublished)
            {
                Release(action);
            }
            return isPublished;
        });
        if (_waiting.TryPeekUnsent(out var first))
        {
            PublishedSeq = first.Seq - 1;
        }
        MaybeEmpty();
        return before - _waiting.Count;
    }

    /// <summary>They leave with the next <see cref="Send"/>.</summary>
    public void EndGathering() => Gathering = 0;

    /// <summary>Hands over as much as the outlet takes of what does not gather.</summary>
    public void Send(IActionOutlet outlet)
    {
        while (_waiting.UnsentCount > Gathering && _waiting.TryPeekUnsent(out var action) && outlet.TrySend(Message(action)))
        {
            MarkSent(action);
        }
    }

    /// <returns>False where the receipt repeats an older one.</returns>
    public bool TryAcknowledge(long seq)
    {
        if (!_waiting.TryPeekUnacknowledged(out var action) || action.Seq != seq)
        {
            return false;
        }
        _waiting.MarkAcknowledged();
        Release(action);
        PublishedSeq = seq;
        MaybeEmpty();
        return true;
    }

    /// <summary>For a shard that was read back: what its earlier memory had sent is not sent again, its receipts have come or are on their way.</summary>
    public void GoOn(long publishedSeq, long sentSeq)
    {
        while (_waiting.TryPeekUnsent(out var action) && action.Seq <= Math.Max(publishedSeq, sentSeq))
        {
            MarkSent(action);
        }
        while (_waiting.TryPeekUnacknowledged(out var action) && action.Seq <= publishedSeq)
        {
            TryAcknowledge(action.Seq);
        }
    }

    /// <summary>The broker did not take one: send everything from there again, in order. Known ids make the repetition harmless.</summary>
    public void Resend()
    {
        _waiting.Resend();
        _handedOverSeq = PublishedSeq;
    }

    private static bool IsOverdue(in ActionRow row) => row.DecidedMs - row.DueMs > OverdueMs && !string.Equals(row.Kind, ChatPrompt, StringComparison.Ordinal);

    /// <summary>Copies the texts: those of the commit are void before the broker has answered.</summary>
    private void Add(in ActionRow row)
    {
        var idBytes = row.Id.Bytes.Length;
        var texts = _texts.Take(idBytes + row.Data.Length);
        row.Id.Bytes.CopyTo(texts.Bytes);
        row.Data.CopyTo(texts.Bytes[idBytes..]);
        _waiting.Add(new Waiting(row.Seq, row.Visitor, row.Kind, row.DueMs, idBytes, texts));
        _bytes += row.Data.Length;
    }

    private void MarkSent(in Waiting action)
    {
        _waiting.MarkSent();
        _handedOverSeq = action.Seq;
    }

    private void Release(in Waiting action)
    {
        _bytes -= action.Data.Length;
        _texts.Release(action.Texts);
    }

    private void MaybeEmpty()
    {
        if (_waiting.Count == 0)
        {
            PublishedSeq = _loadedSeq;
        }
        UpdateFull();
    }

    private void UpdateFull() => IsFull = Count >= (IsFull ? options.OutboxStoredMax * 3L / 4 : options.OutboxStoredMax);

    private OutgoingMessage Message(in Waiting action)
    {
        _headers[1] = _headers[1] with { Value = action.Id };
        _headers[2] = _headers[2] with { Value = Types.TryGetValue(action.Kind, out var type) ? type : "streamengine." + action.Kind };
        _headers[4] = _headers[4] with { Value = new(ActionDocument.Timestamp(action.DueMs, _time)) };
        return new(Destination.Actions, shard, action.Seq, action.Visitor.Bytes, action.Data, _headers);
    }

    /// <param name="IdBytes">So many of the texts are the id, the others the document.</param>
    private readonly record struct Waiting(long Seq, Utf8Text Visitor, string Kind, long DueMs, int IdBytes, SendBuffer.Room Texts)
    {
        public Utf8Text Id => new(Texts.Bytes[..IdBytes]);

        public ReadOnlyMemory<byte> Data => Texts.Bytes[IdBytes..];
    }
}

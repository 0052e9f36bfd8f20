using System.Text;
using StreamEngine.Carts.Actions;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// A shard's committed actions on their way out, in order of their sequence. Holds what is committed and not yet acknowledged; the store holds the
/// same rows, so a crash resends from <see cref="PublishedSeq"/>. Bounded: when full, the shard's clicks and deadlines pause.
/// </summary>
internal sealed class Outbox(int shard, string source, EngineOptions options, long publishedSeq)
{
    private readonly SendQueue<ActionRow> _rows = new();
    private long _bytes;

    /// <summary>All actions up to here were acknowledged by the broker.</summary>
    public long PublishedSeq { get; private set; } = publishedSeq;

    /// <summary>The part of <see cref="PublishedSeq"/> that is committed.</summary>
    public long CommittedPublishedSeq { get; set; } = publishedSeq;

    /// <summary>All actions up to here are published, or on their way.</summary>
    public long SentSeq => PublishedSeq + _rows.UnacknowledgedCount;

    public int Count => _rows.Count;

    public bool IsFull => Count >= options.OutboxItemsMax || _bytes >= options.OutboxBytesMax;

    public void Add(ActionRow row)
    {
        _rows.Add(row);
        _bytes += row.Data.Length;
    }

    /// <summary>Hands over as much as the outlet takes.</summary>
    public void Send(IActionOutlet outlet)
    {
        while (_rows.TryPeekUnsent(out var row) && outlet.TrySend(Message(row)))
        {
            _rows.MarkSent();
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
        return row;
    }

    /// <summary>For a shard that was read back: what its earlier memory had sent is not sent again, its receipts have come or are on their way.</summary>
    public void GoOn(long publishedSeq, long sentSeq)
    {
        while (_rows.TryPeekUnsent(out var row) && row.Seq <= Math.Max(publishedSeq, sentSeq))
        {
            _rows.MarkSent();
        }
        while (_rows.TryPeekUnacknowledged(out var row) && row.Seq <= publishedSeq)
        {
            Acknowledge(row.Seq);
        }
    }

    /// <summary>The broker did not take one: send everything from there again, in order. Known ids make the repetition harmless.</summary>
    public void Resend() => _rows.Resend();

    private OutgoingMessage Message(ActionRow row) => new(
        Destination.Actions,
        shard,
        row.Seq,
        Encoding.UTF8.GetBytes(row.Visitor),
        row.Data,
        [
            new("ce_specversion", "1.0"),
            new("ce_id", row.Id),
            new("ce_type", "streamengine." + row.Kind),
            new("ce_source", source),
            new("ce_time", ActionDocument.Timestamp(row.DueMs)),
            new("content-type", "application/json"),
        ]);
}
